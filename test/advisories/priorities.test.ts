import { expect, test } from "vitest";
import {
  fixesOf,
  type OsvRecord,
  osvAnswer,
  severityOf,
  toUpdate,
  type Update,
} from "../../core/advisories/priorities.ts";

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
