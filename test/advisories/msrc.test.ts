import { expect, test } from "vitest";
import { readFeed } from "../../adapters/advisories/read-feed.ts";
import type { MsrcFeed } from "../../core/advisories/feed.ts";
import { versionComparer } from "../../core/advisories/versions.ts";
import { type Answer, anything, failureOf, now, serve } from "./feeds/served.ts";

test("builds of Windows are compared by their four numbers, in this order", () => {
  const compare = versionComparer("windows");
  const sorted = [
    "6.3.9600.22000",
    "10.0.17763.6893",
    "10.0.17763.10000",
    "10.0.20348.0",
    "10.0.20348.2966",
    "10.0.20348.3807",
    "10.0.26100.1",
    "10.0.26100.4061",
  ];
  for (const [n, one] of sorted.entries()) {
    for (const [m, other] of sorted.entries()) expect(compare(one, other), `${one} ${other}`).toBe(Math.sign(n - m));
  }
  expect(compare("10.0.20348.02966", "10.0.20348.2966")).toBe(0);
  for (const text of [
    "",
    "10.0.20348",
    "10.0.20348.2966.1",
    "10.0.20348.x",
    "10.0.20348.-1",
    "1e9.0.0.1",
    "10.0.20348.99999999999",
  ]) {
    expect(() => compare(text, "10.0.20348.1"), text).toThrow("major.minor.build.revision");
  }
});

/** In the shape of Microsoft's CVRF 3.0; written for this test. */
const fix = (build: string, kb: string, ids: string[], more: object = {}) => ({
  Type: 2,
  Description: { Value: kb },
  URL: "",
  ProductID: ids,
  FixedBuild: build,
  SubType: "Security Update",
  Supercedence: "5000000",
  ...more,
});
const month = {
  DocumentTitle: { Value: "April 2026 Security Updates" },
  ProductTree: {
    Branch: [],
    FullProductName: [
      { ProductID: "11923", Value: "Windows Server 2022" },
      { ProductID: "11924", Value: "Windows Server 2022 (Server Core installation)" },
      { ProductID: "12244", Value: "Windows Server 2022, 23H2 Edition (Server Core installation)" },
      { ProductID: "12436", Value: "Windows Server 2025" },
    ],
  },
  Vulnerability: [
    {
      CVE: "CVE-2026-1001",
      Threats: [
        { Type: 3, Description: { Value: "Important" }, ProductID: ["11923"] },
        { Type: 3, Description: { Value: "Critical" }, ProductID: ["12436"] },
        { Type: 0, Description: { Value: "Elevation of Privilege" }, ProductID: ["11923"] },
      ],
      Remediations: [
        fix("10.0.20348.3807", "5058385", ["11923", "11924"]),
        fix("10.0.20348.3750", "5058500", ["11923"], { SubType: "Security Hotpatch Update" }),
        fix("10.0.25398.1611", "5058384", ["12244"]),
        fix("10.0.26100.4061", "5058411", ["12436"]),
        { Type: 5, Description: { Value: "Known issue" }, ProductID: ["11923"], FixedBuild: "10.0.20348.9999" },
      ],
    },
    {
      CVE: "CVE-2026-1002",
      Threats: [{ Type: 3, Description: { Value: "Critical" }, ProductID: ["11924"] }],
      Remediations: [fix("10.0.20348.3800", "5058385", ["11924"])],
    },
    // Neither .NET's update nor Edge's is for the product by itself.
    {
      CVE: "CVE-2026-1003",
      Threats: null,
      Remediations: [fix("4.8.4785.0", "5058399", ["11923"]), fix("", "x", ["11923"])],
    },
    { CVE: "ADV260001", Remediations: null },
  ],
};

const entry = (ID: string, changed: string, first = changed) => ({
  ID,
  InitialReleaseDate: first,
  CurrentReleaseDate: changed,
});
const index = (...value: object[]) => JSON.stringify({ value });
const APRIL = entry("2026-Apr", "2026-04-15T07:00:00");

const feedAt = (url: string, rest: Partial<MsrcFeed> = {}): MsrcFeed => ({
  kind: "msrc",
  url: `${url}/cvrf/v3.0/updates`,
  product: "Windows Server 2022",
  build: "10.0.20348",
  name: "windows-server-2022",
  keys: [],
  standIn: true,
  ...rest,
});
const files = (updates: Answer, april?: Answer) =>
  new Map<string, Answer>([
    ["/cvrf/v3.0/updates", updates],
    ...(april === undefined ? [] : ([["/cvrf/v3.0/cvrf/2026-Apr", april]] as const)),
  ]);

test("an update's fixed version is the lowest build that fixes all its CVEs; severity and CVEs are the product's", async () => {
  const { url } = await serve(files(index(APRIL, entry("2016-Apr-B", "2016-04-01T00:00:00Z")), JSON.stringify(month)));

  const reading = await readFeed(feedAt(url), anything);

  expect(reading).toMatchObject({
    kind: "read",
    revision: { at: Date.parse("2026-04-15T07:00:00Z") },
    advisories: [
      {
        id: "KB5058385",
        severity: "critical",
        cves: ["CVE-2026-1001", "CVE-2026-1002"],
        fixes: [{ name: "windows-server-2022", architecture: "x86_64", version: "10.0.20348.3800" }],
      },
    ],
  });
  const other = feedAt(url, { product: "Windows Server 2025", build: "10.0.26100", name: "windows-server-2025" });
  expect(await readFeed(other, anything)).toMatchObject({ advisories: [{ id: "KB5058411", severity: "critical" }] });
});

test("an update without a build for the product has its KB number, the updates that replace it and those it replaces", async () => {
  const [first, ...rest] = month.Vulnerability;
  const Remediations = [
    fix("", "KB5058385", ["11923", "11924"], { Supercedence: "5055526" }),
    fix("", "5058500", ["11923"], { SubType: "Security Hotpatch Update", Supercedence: "" }),
    fix("10.0.26100.4061", "5058411", ["12436"]),
  ];
  const later = {
    CVE: "CVE-2026-2001",
    Remediations: [fix("", "5061000", ["11923"], { Supercedence: "5058385; 5058500" })],
  };
  const Vulnerability = [{ ...first, Remediations }, ...rest.slice(1), later];
  const { url } = await serve(files(index(APRIL), JSON.stringify({ ...month, Vulnerability })));

  expect(await readFeed(feedAt(url), anything)).toMatchObject({
    advisories: [
      {
        id: "KB5058385",
        fixes: [
          {
            name: "windows-server-2022",
            version: "KB5058385",
            updates: { fixing: ["KB5058385", "KB5058500", "KB5061000"], before: ["KB5055526"] },
          },
        ],
      },
      { id: "KB5061000", fixes: [{ updates: { before: ["KB5055526", "KB5058385", "KB5058500"] } }] },
    ],
  });
});

test("a month is read wherever the document lists its products", async () => {
  const { ProductTree, Vulnerability } = month;
  const { url } = await serve(files(index(APRIL), JSON.stringify({ Vulnerability, ProductTree })));
  expect(await readFeed(feedAt(url), anything)).toMatchObject({ advisories: [{ id: "KB5058385" }] });
});

test("JSON is asked for, since Microsoft answers with XML", async () => {
  const accepted: (string | undefined)[] = [];
  const { url } = await serve(
    files((response) => {
      accepted.push(response.req.headers.accept);
      response.end(index(APRIL));
    }, JSON.stringify(month)),
  );
  await readFeed(feedAt(url), anything);
  expect(accepted).toEqual(["application/json"]);
});

test("truncated, outdated, oversized, missing and invalid lists and months are failures", async () => {
  const text = JSON.stringify(month);
  const codeOf = async (served: Map<string, Answer>, options: Parameters<typeof failureOf>[1] = {}) =>
    (await failureOf(feedAt((await serve(served)).url), options)).code;
  const later = { now: now + 2 * 86_400_000 };

  expect(await codeOf(new Map())).toBe("http-status");
  expect(await codeOf(files("<feed/>"))).toBe("malformed");
  expect(await codeOf(files(index()))).toBe("malformed");
  expect(await codeOf(files(index(entry("2016-Apr-B", "2016-04-01T00:00:00Z"))))).toBe("truncated");
  expect(await codeOf(files(index(entry("2026-Apr", "soon"))))).toBe("malformed");
  expect(await codeOf(files(index(APRIL), text), { notBefore: now })).toBe("older");
  expect(await codeOf(files(index(APRIL), text.slice(0, -100)), later)).toBe("truncated");
  expect(await codeOf(files(index(APRIL), text), { limits: { packed: 100 } })).toBe("too-large");
  expect(await codeOf(files(index(APRIL), "[]"))).toBe("malformed");
  expect(await codeOf(files(index(APRIL), text.replaceAll("5058385", "see notes")))).toBe("malformed");
  expect(await codeOf(files(index(APRIL)), later)).toBe("http-status");
});

test("a month that is listed before its date may be missing", async () => {
  const may = entry("2026-May", "2026-05-12T07:00:00");
  const { url } = await serve(files(index(APRIL, may), JSON.stringify(month)));

  expect(await readFeed(feedAt(url), { ...anything, now: Date.parse("2026-05-12T12:00:00Z") })).toMatchObject({
    advisories: [{ id: "KB5058385" }],
  });
  expect((await failureOf(feedAt(url), { now: Date.parse("2026-05-13T12:00:00Z") })).message).toContain(
    "2026-May: the server answered 404",
  );
});
