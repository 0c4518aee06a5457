import { expect, test } from "vitest";
import { parseFeedMirrors, ubuntuProFeedsOf } from "../../core/advisories/feeds-of.ts";
import {
  fixesOf,
  type OsvRecord,
  osvAnswer,
  severityOf,
  toUpdate,
  type Update,
} from "../../core/advisories/priorities.ts";
import { ubuntuProKeys } from "../../core/advisories/vendor-keys.ts";
import type { Manifest } from "../../core/evidence/manifest.ts";
import { hasUbuntuPro } from "../../core/evidence/ubuntu-pro.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { watchOne } from "./watch-one.ts";

const NOBLE = "Ubuntu:24.04:LTS";
const openssl: Update = {
  ecosystem: NOBLE,
  source: "openssl",
  installed: "3.0.13-0ubuntu3.7",
  fixed: "3.0.13-0ubuntu3.10",
};

/** As Canonical writes it (Ubuntu security documentation, "Ubuntu OSV data"). */
const record = (id: string, priority: string | undefined, fixed?: string, rest: object = {}): OsvRecord =>
  osvAnswer.parse({
    vulns: [
      {
        id,
        severity: [
          { type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H" },
          ...(priority ? [{ type: "Ubuntu", score: priority }] : []),
        ],
        affected: [
          {
            package: { ecosystem: NOBLE, name: "openssl", purl: "pkg:deb/ubuntu/openssl" },
            ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, ...(fixed ? [{ fixed }] : [])] }],
            ...rest,
          },
        ],
      },
    ],
  }).vulns[0]!;

const of = (...records: OsvRecord[]) => severityOf(fixesOf(openssl, records));

test("an update is as severe as the most severe vulnerability that it fixes, and names all of them", () => {
  expect(
    of(
      record("UBUNTU-CVE-2026-2", "low", "3.0.13-0ubuntu3.8"),
      record("UBUNTU-CVE-2026-1", "high", "3.0.13-0ubuntu3.9"),
      record("UBUNTU-CVE-2026-3", "medium", "3.0.13-0ubuntu3.10"),
    ),
  ).toEqual({ severity: "important", cves: ["CVE-2026-1", "CVE-2026-2", "CVE-2026-3"] });
});

test.each([
  ["negligible", "low"],
  ["low", "low"],
  ["medium", "medium"],
  ["high", "important"],
  ["critical", "critical"],
  ["untriaged", "unknown"],
])("Canonical's priority %s is %s", (priority, severity) => {
  expect(of(record("UBUNTU-CVE-2026-1", priority, "3.0.13-0ubuntu3.9")).severity).toBe(severity);
});

test("vulnerabilities that are already fixed, that the update does not fix, or that have no fix do not count", () => {
  expect(
    of(
      record("UBUNTU-CVE-2026-1", "critical", "3.0.13-0ubuntu3.7"),
      record("UBUNTU-CVE-2026-2", "critical", "3.0.13-0ubuntu3.11"),
      record("UBUNTU-CVE-2026-3", "critical"),
      record("UBUNTU-CVE-2026-4", "medium", "3.0.13-0ubuntu3.9"),
    ),
  ).toEqual({ severity: "medium", cves: ["CVE-2026-4"] });
});

test("other packages, other releases and Ubuntu Pro do not count", () => {
  const at = (ecosystem: string, name: string) =>
    record("UBUNTU-CVE-2026-1", "critical", "3.0.13-0ubuntu3.9", { package: { ecosystem, name } });

  expect(of(at("Ubuntu:Pro:24.04:LTS", "openssl"), at("Ubuntu:22.04:LTS", "openssl"), at(NOBLE, "openssh"))).toEqual({
    severity: "unknown",
    cves: [],
  });
});

test("the severity is unknown without a record or priority, unless another vulnerability is important", () => {
  const none = record("UBUNTU-CVE-2026-1", undefined, "3.0.13-0ubuntu3.9");

  expect(of()).toEqual({ severity: "unknown", cves: [] });
  expect(of(none, record("UBUNTU-CVE-2026-2", "medium", "3.0.13-0ubuntu3.9")).severity).toBe("unknown");
  expect(of(none, record("UBUNTU-CVE-2026-2", "high", "3.0.13-0ubuntu3.9")).severity).toBe("important");
});

test("a notice has no priority, so its vulnerabilities' priorities count", () => {
  expect(
    of(
      record("USN-9901-1", undefined, "3.0.13-0ubuntu3.9"),
      record("UBUNTU-CVE-2026-1", "medium", "3.0.13-0ubuntu3.9"),
    ),
  ).toEqual({ severity: "medium", cves: ["CVE-2026-1"] });
});

test("a package's priority precedes the vulnerability's; older records have it in a separate field", () => {
  const own = { severity: [{ type: "Ubuntu", score: "low" }] };
  const former = { ecosystem_specific: { ubuntu_priority: "medium" } };

  expect(of(record("UBUNTU-CVE-2026-1", "high", "3.0.13-0ubuntu3.9", own)).severity).toBe("low");
  expect(of(record("UBUNTU-CVE-2026-1", undefined, "3.0.13-0ubuntu3.9", former)).severity).toBe("medium");
});

test("the compared versions are those of the source's binary packages, from the oldest", () => {
  const packages = [
    { name: "libssl3t64", architecture: "amd64", installed: "3.0.13-0ubuntu3.9", fixed: "3.0.13-0ubuntu3.10" },
    { name: "openssl", architecture: "amd64", installed: "3.0.13-0ubuntu3.7", fixed: "3.0.13-0ubuntu3.10" },
    { name: "other", architecture: "amd64", installed: "1:1-1", fixed: "1:2-1" },
  ];
  const source = { name: "openssl", version: "3.0.13-0ubuntu3.10" };

  expect(toUpdate(NOBLE, { source }, packages)).toEqual(openssl);
  expect(toUpdate(NOBLE, { source }, packages.slice(2))).toBeUndefined();
});

test.each([
  ["linux-meta-aws", "6.8.0-1027.28", "6.8.0-1031.33", "linux-aws", "6.8.0-1027.28", "6.8.0-1031.33"],
  ["linux-meta-aws", "5.15.0.1027.28", "5.15.0.1031.33", "linux-aws", "5.15.0-1027.28", "5.15.0-1031.33"],
  ["linux-meta", "6.8.0-31.31", "6.8.0-45.45", "linux", "6.8.0-31.31", "6.8.0-45.45"],
  ["linux-metadata", "1-1", "1-2", "linux-metadata", "1-1", "1-2"],
])("an update of %s from %s is one of its kernel", (name, installed, fixed, source, from, to) => {
  const packages = [{ name: "linux-image", architecture: "amd64", installed, fixed }];

  expect(toUpdate(NOBLE, { source: { name, version: fixed } }, packages)).toEqual({
    ecosystem: NOBLE,
    source,
    installed: from,
    fixed: to,
  });
});

const SERVER = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id";
const PRO = SERVER.replace("/server/", "/pro-server/");

test("Ubuntu Pro's updates are read from its two archives, with their keys and OSV's records for Pro", () => {
  const feeds = ubuntuProFeedsOf("ubuntu-2404", "arm64", {});

  expect(feeds).toMatchObject(
    ["apps", "infra"].map((service) => ({
      kind: "debian",
      url: `https://esm.ubuntu.com/${service}/ubuntu/dists/noble-${service}-security/InRelease#arm64`,
      suite: `noble-${service}-security`,
      components: ["main"],
      keys: ubuntuProKeys,
      severities: { url: "https://api.osv.dev/v1/query", ecosystem: "Ubuntu:Pro:24.04:LTS" },
    })),
  );
  expect(ubuntuProFeedsOf("debian-12", "x86_64", {})).toEqual([]);
  const mirrors = parseFeedMirrors('{"ubuntu-pro":{"url":"https://m.example.com/esm/","keys":["own"]}}');
  expect(ubuntuProFeedsOf("ubuntu-2204", "x86_64", mirrors)[0]).toMatchObject({
    url: "https://m.example.com/esm/apps/ubuntu/dists/jammy-apps-security/InRelease",
    keys: ["own"],
  });
});

test("an image has Ubuntu Pro by its config, by Canonical's AMI, or through an ancestor", () => {
  const has = (images: object) => hasUbuntuPro({ images } as unknown as Factory, "image");
  const child = { parent: { image: "base", channel: "stable" } };

  expect(has({ image: { parent: { ssm: PRO } } })).toBe(true);
  expect(has({ image: { parent: { ami: { owner: "099720109477", name: "ubuntu-pro-server/images/*" } } } })).toBe(true);
  expect(has({ image: { parent: { ssm: "/imagebuilder/golden" }, ubuntuPro: true } })).toBe(true);
  expect(has({ image: child, base: { parent: { ssm: "/imagebuilder/golden" }, ubuntuPro: true } })).toBe(true);
  expect(has({ image: child, base: { parent: { ssm: PRO } } })).toBe(true);

  expect(has({ image: { parent: { ssm: SERVER } } })).toBe(false);
  expect(has({ image: { parent: { ssm: "/imagebuilder/golden" } } })).toBe(false);
  expect(has({ image: child, base: child })).toBe(false);
});

/** ImageMagick as noble released it, and OpenSSL. */
const installed: Manifest["packages"] = [
  {
    name: "libmagickcore-6.q16-7t64",
    architecture: "amd64",
    epoch: "8",
    version: "6.9.12.98+dfsg1",
    release: "5.2build2",
  },
  { name: "libssl3t64", architecture: "amd64", epoch: "0", version: "3.0.13", release: "0ubuntu3.7" },
];

/** In the layout of Canonical's archives, with versions as they are built there; written for this test. */
const onlyPro = {
  pro: "apps" as const,
  advisory: { id: "USN-9001-1", severity: "important" as const, cves: ["CVE-2026-7001"] },
  packages: [
    {
      name: "libmagickcore-6.q16-7t64",
      architecture: "amd64",
      source: "imagemagick",
      version: "8:6.9.12.98+dfsg1-5.2ubuntu0.1~esm1",
    },
  ],
};
const forAll = {
  advisory: { id: "USN-9002-1", severity: "important" as const, cves: ["CVE-2026-7002"] },
  packages: [{ name: "libssl3t64", architecture: "amd64", source: "openssl", version: "3.0.13-0ubuntu3.9" }],
};

async function looked(more: NonNullable<Parameters<typeof watchOne>[0]["more"]>) {
  const { repository, publish, look, failures } = await watchOne({ os: "ubuntu-2404", packages: installed, more });
  for (const publication of [onlyPro, forAll]) publish(publication);
  const { announce } = await look();
  return { announce, failures: failures(), asked: repository.requests.map(({ path }) => path) };
}

test("a fix only in Ubuntu Pro starts a rebuild of an image that has it, by its severity", async () => {
  const { announce, failures } = await looked({ parent: { ssm: PRO } });

  expect(failures).toEqual([]);
  expect(announce).toMatchObject([
    {
      id: "noble-apps-security/imagemagick/8:6.9.12.98+dfsg1-5.2ubuntu0.1~esm1",
      severity: "important",
      cves: ["CVE-2026-7001"],
      packages: [{ installed: "8:6.9.12.98+dfsg1-5.2build2", fixed: "8:6.9.12.98+dfsg1-5.2ubuntu0.1~esm1" }],
    },
    { id: "noble-security/openssl/3.0.13-0ubuntu3.9", severity: "important" },
  ]);
});

test("the same entry never counts for an image without it, whose feeds do not request it", async () => {
  const { announce, failures, asked } = await looked({ parent: { ssm: SERVER } });

  expect(failures).toEqual([]);
  expect(announce.map(({ id }) => id)).toEqual(["noble-security/openssl/3.0.13-0ubuntu3.9"]);
  expect(asked.filter((path) => path.startsWith("/ubuntu-pro"))).toEqual([]);
});
