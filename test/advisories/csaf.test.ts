import { describe, expect, test } from "vitest";
import { readFeed } from "../../adapters/advisories/read-feed.ts";
import { packageOf, platformOf } from "../../core/advisories/csaf.ts";
import type { CsafFeed } from "../../core/advisories/feed.ts";
import { type Answer, anything, failureOf, now, serve } from "./feeds/served.ts";
import { HOUR, watchOne } from "./watch-one.ts";

const rhel9 = { cpe: "redhat:enterprise_linux:9" };
const isOf = (cpe: string, products = rhel9) => platformOf({ id: "", name: "", cpe }, products) !== undefined;

test("only products with the operating system's CPE count: not EUS, layered products or other releases", () => {
  expect(isOf("cpe:/o:redhat:enterprise_linux:9::baseos")).toBe(true);
  expect(isOf("cpe:/a:redhat:enterprise_linux:9::appstream")).toBe(true);
  expect(isOf("cpe:/o:redhat:enterprise_linux:10.1", { cpe: "redhat:enterprise_linux:10" })).toBe(true);
  expect(isOf("cpe:/o:redhat:rhel_eus:9.4::baseos")).toBe(false);
  expect(isOf("cpe:/a:redhat:openshift:4.13::el9")).toBe(false);
  expect(isOf("cpe:/o:redhat:enterprise_linux:10.1", { cpe: "redhat:enterprise_linux:1" })).toBe(false);
});

test("SUSE's products are modules of a service pack", () => {
  const on = (name: string) => platformOf({ id: "", name }, { sles: "15" });
  const release = (version: string) => ({ on: { name: "sles-release", version } });

  expect(on("SUSE Linux Enterprise Server 15 SP7")).toEqual(release("15.7"));
  expect(on("SUSE Linux Enterprise Module for Python 3 15 SP6")).toEqual(release("15.6"));
  expect(on("SUSE Linux Enterprise Server 15 SP4-LTSS")).toBeUndefined();
  expect(on("SUSE Linux Enterprise Server for SAP Applications 15 SP7")).toBeUndefined();
  expect(on("SUSE Linux Enterprise Server 12 SP5")).toBeUndefined();
});

test("SLES 16 has minor versions instead of service packs", () => {
  const on = (name: string) => platformOf({ id: "", name }, { sles: "16" });

  expect(on("SUSE Linux Enterprise Server 16.0")).toEqual({ on: { name: "sles-release", version: "16.0" } });
  expect(on("SUSE Linux Enterprise Server 16.1")).toEqual({ on: { name: "sles-release", version: "16.1" } });
  expect(on("SUSE Linux Enterprise Server for SAP applications 16.0")).toBeUndefined();
  expect(on("SUSE Linux Enterprise Server 15 SP7")).toBeUndefined();
});

test("a package is identified by its package URL, otherwise by its name", () => {
  const of = (purl: string | undefined, name = "") => packageOf({ id: "", name, purl });

  expect(of("pkg:rpm/redhat/openssl-libs@3.0.7-28.el9_4?arch=x86_64&epoch=1")).toEqual({
    name: "openssl-libs",
    architecture: "x86_64",
    version: "1:3.0.7-28.el9_4",
  });
  expect(
    of("pkg:rpm/redhat/perl@5.32.1-473.module%2Bel8.10.0%2B1?arch=x86_64&epoch=4&rpmmod=perl:5.32:810:9d36"),
  ).toEqual({ name: "perl", architecture: "x86_64", version: "4:5.32.1-473.module+el8.10.0+1", module: "perl:5.32" });
  expect(of(undefined, "openssl-3-3.1.4-150600.5.10.1.x86_64")).toEqual({
    name: "openssl-3",
    architecture: "x86_64",
    version: "3.1.4-150600.5.10.1",
  });
  expect(of("pkg:rpm/redhat/openssl@3.0.7-28.el9_4?arch=src&epoch=1")).toBeUndefined();
  expect(of("pkg:oci/ubi9@sha256:1?arch=amd64")).toBeUndefined();
});

const FOLDER = "/data/csaf/v2/advisories";
const changes = (rows: string) => new Map<string, Answer>([[`${FOLDER}/changes.csv`, rows]]);
const row = (path: string, at = "2026-04-15T10:00:00+00:00") => `"${path}","${at}"\n`;

const APPSTREAM = "AppStream-9.7.0.Z.MAIN";
const leaf = (id: string, purl?: string) => ({
  category: "product_version",
  name: id,
  product: { name: id, product_id: id, ...(purl && { product_identification_helper: { purl } }) },
});
const relation = (product_id: string, product_reference: string, relates_to_product_reference: string) => ({
  category: "default_component_of",
  full_product_name: { name: "", product_id },
  product_reference,
  relates_to_product_reference,
});

/** In the shape of Red Hat's documents of 2024, with a module stream as a product between; written for this test. */
const MODULE = "postgresql:15:9020020230619032405:rhel9";
const PG = "postgresql-0:15.14-1.module+el9.7.0+1.x86_64";
const CURL = "curl-0:7.76.1-40.el9.x86_64";
const document = {
  document: {
    aggregate_severity: { text: "Important" },
    tracking: { id: "RHSA-2026:1234", initial_release_date: "2026-03-30T10:00:00+02:00" },
    notes: [{ text: "…" }],
  },
  product_tree: {
    branches: [
      {
        category: "vendor",
        name: "Red Hat",
        branches: [
          {
            category: "product_name",
            name: "AppStream",
            product: {
              name: "Red Hat Enterprise Linux AppStream (v. 9)",
              product_id: APPSTREAM,
              product_identification_helper: { cpe: "cpe:/a:redhat:enterprise_linux:9::appstream" },
            },
          },
          leaf(MODULE),
          leaf(PG, "pkg:rpm/redhat/postgresql@15.14-1.module%2Bel9.7.0%2B1?arch=x86_64"),
          leaf(CURL, "pkg:rpm/redhat/curl@7.76.1-40.el9?arch=x86_64"),
        ],
      },
    ],
    relationships: [
      relation(`${APPSTREAM}:${MODULE}`, MODULE, APPSTREAM),
      relation(`${APPSTREAM}:${MODULE}:${PG}`, PG, `${APPSTREAM}:${MODULE}`),
      relation(`${APPSTREAM}:${CURL}`, CURL, APPSTREAM),
      relation(`EUS:${CURL}`, CURL, "EUS"),
    ],
  },
  vulnerabilities: [
    {
      cve: "CVE-2026-1001",
      product_status: { fixed: [`${APPSTREAM}:${MODULE}:${PG}`, `${APPSTREAM}:${CURL}`, `EUS:${CURL}`] },
    },
    { cve: "CVE-2026-1002", product_status: { fixed: [`${APPSTREAM}:${CURL}`] } },
  ],
};

const feedAt = (url: string, rest: Partial<CsafFeed> = {}): CsafFeed => ({
  kind: "csaf",
  url: `${url}${FOLDER}/changes.csv`,
  documents: "rhsa-",
  products: rhel9,
  architecture: "x86_64",
  keys: [],
  standIn: true,
  ...rest,
});

const oneDocument = (answer: Answer = JSON.stringify(document)) =>
  changes(
    row("2026/rhsa-2026_1234.json") +
      row("2026/rhba-2026_1.json") +
      row("2001/rhsa-2001_1.json", "2001-01-01T00:00:00Z"),
  ).set(`${FOLDER}/2026/rhsa-2026_1234.json`, answer);

test("a document yields the fixed version of each package, severity, CVEs and the module stream", async () => {
  const { url, asked } = await serve(oneDocument());

  const reading = await readFeed(feedAt(url), anything);

  expect(reading).toMatchObject({
    kind: "read",
    revision: { at: Date.parse("2026-04-15T10:00:00Z") },
    advisories: [
      {
        id: "RHSA-2026:1234",
        issued: "2026-03-30T08:00:00.000Z",
        severity: "important",
        cves: ["CVE-2026-1001", "CVE-2026-1002"],
        fixes: [
          { name: "postgresql", version: "15.14-1.module+el9.7.0+1", module: "postgresql:15" },
          { name: "curl", version: "7.76.1-40.el9" },
        ],
      },
    ],
  });
  // Neither bug fixes nor what changed long ago.
  expect(asked).toEqual([`${FOLDER}/changes.csv`, `${FOLDER}/2026/rhsa-2026_1234.json`]);
});

test("only documents changed since the last run are read, and only requested packages are kept", async () => {
  const { url } = await serve(oneDocument());
  const since = Date.parse("2026-04-15T12:00:00Z");

  expect(await readFeed(feedAt(url), { ...anything, since })).toMatchObject({ advisories: [], anew: new Set() });
  expect(await readFeed(feedAt(url), { ...anything, interested: (name) => name === "bash" })).toMatchObject({
    advisories: [],
    anew: new Set(["RHSA-2026:1234"]),
  });
});

test("truncated, outdated, oversized, missing and invalid lists and documents are failures", async () => {
  const text = JSON.stringify(document);
  const codeOf = async (files: Map<string, Answer>, options: Parameters<typeof failureOf>[1] = {}) =>
    (await failureOf(feedAt((await serve(files)).url), options)).code;

  expect(await codeOf(new Map())).toBe("http-status");
  expect(await codeOf(changes(""))).toBe("truncated");
  expect(await codeOf(changes("<html></html>\n"))).toBe("malformed");
  expect(await codeOf(changes(row("../../rhsa-1.json")))).toBe("malformed");
  expect(await codeOf(changes(row("2026/rhsa-2026_1.json", "yesterday")))).toBe("malformed");
  expect(await codeOf(changes(Array.from({ length: 5_001 }, (_, n) => row(`2026/rhsa-2026_${n}.json`)).join("")))).toBe(
    "too-large",
  );
  expect(await codeOf(oneDocument(), { notBefore: now })).toBe("older");
  expect(await codeOf(changes(row("2026/rhsa-2026_1234.json")))).toBe("http-status");
  expect(await codeOf(oneDocument(text.slice(0, text.length / 2)))).toBe("truncated");
  expect(await codeOf(oneDocument(text.replace(":", ";")))).toBe("malformed");
  expect(await codeOf(oneDocument("{}"))).toBe("malformed");
  expect(await codeOf(oneDocument(text.replace('"RHSA-2026:1234"', "7")))).toBe("malformed");
  expect(await codeOf(oneDocument(text), { limits: { answer: 500 } })).toBe("too-large");
  expect(await codeOf(oneDocument(`{"a":${"[".repeat(100)}`), { limits: { depth: 50 } })).toBe("too-large");
  expect(await codeOf(oneDocument(`{"a":[${"1,".repeat(2_000)}1]}`), { limits: { part: 1_000 } })).toBe("too-large");
  expect(await codeOf(oneDocument(text), { limits: { kept: 100 } })).toBe("too-large");
});

test("a mirror with a key must have its documents signed by it", async () => {
  const { url } = await serve(oneDocument());
  expect((await failureOf(feedAt(url, { keys: ["not a key"] }))).code).toBe("http-status");
});

describe("an image of RHEL", () => {
  const curl = { name: "curl", version: "7.76.1", release: "30.el9", architecture: "x86_64" };
  const fixed = (version: string, name = "curl") => [{ name, version, architecture: "x86_64" }];
  const advisory = (n: number, severity: "important" | "low" = "important") => ({
    id: `RHSA-2026:${n}`,
    severity,
    cves: [`CVE-2026-${n}`],
  });
  const watch = () => watchOne({ os: "rhel-9", packages: [curl, { ...curl, name: "bash" }] });

  test("is rebuilt for Red Hat's fixes; earlier advisories stay valid when only later documents are read", async () => {
    const { repository, publish, time, look } = await watch();
    publish({ advisory: advisory(1001), packages: fixed("7.76.1-40.el9") });
    publish({ os: "rhel-8", advisory: advisory(1002), packages: fixed("7.99-1.el8") });
    const first = await look();
    time.now += 30 * 24 * HOUR;
    publish({ advisory: advisory(1003), packages: fixed("5.2-1.el9", "bash") });
    // bash 7.76.1 is newer than what was fixed.
    const second = await look();
    const asked = repository.requests.length;
    // At exactly the time of the last read.
    publish({ advisory: advisory(1004), packages: fixed("8-1.el9", "bash") });
    time.now += HOUR;
    publish({ advisory: advisory(1005), packages: fixed("9-1.el9", "bash") });
    const third = await look();

    expect(first.announce.map(({ id }) => id)).toEqual(["RHSA-2026:1001"]);
    expect(second.announce.map(({ id }) => id)).toEqual(["RHSA-2026:1001"]);
    expect(third.announce.map(({ id }) => id)).toEqual(["RHSA-2026:1001", "RHSA-2026:1004", "RHSA-2026:1005"]);
    expect(repository.requests.slice(asked).filter(({ path }) => path.includes("1001"))).toEqual([]);
  });

  test("keeps earlier advisories while a document is unreadable, reports that once, and reads it later", async () => {
    const { repository, publish, time, look, failures } = await watch();
    publish({ advisory: advisory(1001), packages: fixed("7.76.1-40.el9") });
    await look();
    time.now += HOUR;
    publish({ advisory: advisory(1003), packages: fixed("8-1.el9", "bash") });
    repository.failWith(503, "/redhat/2026/");

    const failing = [await look(), await look()];
    repository.failWith(undefined);

    expect(failing.map(({ announce }) => announce)).toEqual([[], []]);
    expect(failures()).toMatchObject([{ code: "http-status", reason: expect.stringContaining("rhsa-2026_1003.json") }]);
    expect((await look()).announce.map(({ id }) => id)).toEqual(["RHSA-2026:1001", "RHSA-2026:1003"]);
  });

  test("a revised document replaces its former content", async () => {
    const { publish, time, look } = await watch();
    publish({ advisory: advisory(1001, "low"), packages: fixed("7.76.1-40.el9") });
    const before = await look();
    time.now += HOUR;
    publish({ advisory: advisory(1001), packages: fixed("7.76.1-41.el9") });

    expect(before.announce).toEqual([]);
    expect((await look()).announce).toMatchObject([{ severity: "important", packages: [{ fixed: "7.76.1-41.el9" }] }]);
  });
});

test("an image of SLES is rebuilt for what SUSE fixed in its service pack", async () => {
  const zypper = { name: "zypper", version: "1.14.90", release: "150700.1.1", architecture: "x86_64" };
  const release = (version: string) => ({ name: "sles-release", version, release: "1", architecture: "x86_64" });
  const publication = {
    advisory: { id: "SUSE-SU-2026:1001-1", severity: "important" as const, cves: ["CVE-2026-1001"] },
    packages: [{ name: "zypper", version: "1.14.91-150700.1.2", architecture: "x86_64" }],
  };
  const watched = await watchOne({ os: "sles-15", packages: [zypper, release("15.7")] });
  const other = await watchOne({ os: "sles-15", packages: [zypper, release("15.6")] });
  for (const { publish } of [watched, other]) publish(publication);

  expect((await watched.look()).announce).toMatchObject([{ id: "SUSE-SU-2026:1001-1", cves: ["CVE-2026-1001"] }]);
  expect((await other.look()).announce).toEqual([]);
});

test.each(["rocky-9", "alma-9"] as const)("an image of %s is rebuilt for what its updateinfo fixes", async (os) => {
  const { publish, look } = await watchOne({
    os,
    packages: [{ name: "curl", version: "7.76.1", release: "30.el9", architecture: "x86_64" }],
  });
  publish({
    advisory: { id: "RLSA-2026:1", severity: "important", cves: ["CVE-2026-1001"] },
    packages: [{ name: "curl", version: "7.76.1-40.el9", architecture: "x86_64" }],
  });

  expect((await look()).announce).toMatchObject([{ id: "RLSA-2026:1", cves: ["CVE-2026-1001"] }]);
});
