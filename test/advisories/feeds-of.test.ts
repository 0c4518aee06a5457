import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod";
import { feedsOf, parseFeedMirrors } from "../../core/advisories/feeds-of.ts";
import { debianKeys, ubuntuKeys } from "../../core/advisories/vendor-keys.ts";
import { advisoriesOf, imageOsNames } from "../../core/component/image-system.ts";
import { type OperatingSystem, osNames } from "../../core/component/operating-system.ts";
import { manifest } from "../../core/evidence/manifest.ts";
import { advisorySeverity } from "../../events/build.ts";
import { watchOne } from "./watch-one.ts";

const urls = (...asked: Parameters<typeof feedsOf>) => feedsOf(...asked).map(({ url }) => url);

test("Amazon Linux 2023 is read for the release that a build installs and the image's architecture", () => {
  const root = "https://cdn.amazonlinux.com/al2023/core/mirrors";
  expect(urls("al2023", "x86_64", "latest", {})).toEqual([`${root}/latest/x86_64/mirror.list`]);
  expect(urls("al2023", "arm64", "2023.8.20260413", {})).toEqual([`${root}/2023.8.20260413/aarch64/mirror.list`]);
});

test("Rocky Linux and AlmaLinux are read by their major version", () => {
  expect(urls("rocky-10", "arm64", "latest", {})).toEqual([
    "https://dl.rockylinux.org/pub/rocky/10/BaseOS/aarch64/os/repodata/repomd.xml",
    "https://dl.rockylinux.org/pub/rocky/10/AppStream/aarch64/os/repodata/repomd.xml",
  ]);
  expect(urls("alma-9", "x86_64", "latest", {})[0]).toBe(
    "https://repo.almalinux.org/almalinux/9/BaseOS/x86_64/os/repodata/repomd.xml",
  );
});

test("Ubuntu's security pocket is read, for Arm from the ports archive", () => {
  expect(feedsOf("ubuntu-2404", "x86_64", "latest", {})).toMatchObject([
    {
      kind: "debian",
      url: "http://security.ubuntu.com/ubuntu/dists/noble-security/InRelease",
      suite: "noble-security",
      architecture: "amd64",
      components: ["main", "restricted", "universe", "multiverse"],
      keys: [expect.any(String)],
    },
  ]);
  expect(urls("ubuntu-2204", "arm64", "latest", {})).toEqual([
    "http://ports.ubuntu.com/ubuntu-ports/dists/jammy-security/InRelease#arm64",
  ]);
});

test("Debian's security archive is read for the image's architecture", () => {
  expect(feedsOf("debian-12", "arm64", "latest", {})).toMatchObject([
    {
      kind: "debian",
      url: "https://security.debian.org/debian-security/dists/bookworm-security/InRelease#arm64",
      suite: "bookworm-security",
      architecture: "arm64",
      keys: debianKeys,
    },
  ]);
});

test("OSV or its mirror has the severities of Ubuntu's releases; Debian's are unknown", () => {
  const of = (os: OperatingSystem, mirrors = "{}") => feedsOf(os, "x86_64", "latest", parseFeedMirrors(mirrors))[0];

  expect(of("ubuntu-2404")).toMatchObject({
    severities: { url: "https://api.osv.dev/v1/query", ecosystem: "Ubuntu:24.04:LTS" },
  });
  expect(of("ubuntu-2204", '{"ubuntu-2204":{"severities":"https://m/osv"}}')).toMatchObject({
    url: expect.stringContaining("security.ubuntu.com"),
    severities: { url: "https://m/osv", ecosystem: "Ubuntu:22.04:LTS" },
  });
  expect(of("debian-12")).not.toHaveProperty("severities");
});

test("Debian's updates are announced in the lists of its security tracker, or of a mirror", () => {
  const of = (mirrors: string) => feedsOf("debian-13", "x86_64", "latest", parseFeedMirrors(mirrors))[0];

  expect(of("{}")).toMatchObject({
    notices: {
      url: "https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data",
      codename: "trixie",
    },
  });
  expect(of('{"debian-13":{"notices":"https://m/tracker/"}}')).toMatchObject({ notices: { url: "https://m/tracker" } });
  expect(() => of('{"debian-13":{"notices":"https://m/tracker","standIn":true}}')).toThrow("a standIn is at 127.0.0.1");
});

test("every operating system has feeds; those without TLS have the vendor's keys", () => {
  for (const os of osNames) {
    const feeds = feedsOf(os, "x86_64", "latest", {});
    expect(feeds.length, os).toBeGreaterThan(0);
    expect(
      feeds.filter(({ url, keys }) => url.startsWith("http:") && keys.length === 0),
      os,
    ).toEqual([]);
  }
});

test("feeds of different systems or architectures have different URLs, because results are cached by URL", () => {
  const mirrors = { "ubuntu-2404": { url: "https://mirror.example.com/ubuntu", keys: [] } } as const;
  const addresses = osNames.flatMap((os) => {
    const architectures = os.startsWith("windows") ? (["x86_64"] as const) : (["x86_64", "arm64"] as const);
    return architectures.flatMap((architecture) =>
      feedsOf(os, architecture, "latest", parseFeedMirrors(JSON.stringify(mirrors))).map(({ url }) => url),
    );
  });

  expect(addresses.filter((url, at) => addresses.indexOf(url) !== at)).toEqual([]);
});

test("a mirror takes the vendor's place, with its own keys or the vendor's", () => {
  const mirrors = parseFeedMirrors(
    '{"al2023":{"url":"http://127.0.0.1:1/a/","standIn":true},"debian-12":{"keys":["k"]},"ubuntu-2404":"http://m/u"}',
  );
  expect(urls("al2023", "x86_64", "latest", mirrors)).toEqual([
    "http://127.0.0.1:1/a/core/mirrors/latest/x86_64/mirror.list",
  ]);
  expect(feedsOf("ubuntu-2404", "x86_64", "latest", mirrors)).toMatchObject([{ keys: ubuntuKeys }]);
  expect(feedsOf("debian-12", "x86_64", "latest", mirrors)).toMatchObject([
    { url: "https://security.debian.org/debian-security/dists/bookworm-security/InRelease", keys: ["k"] },
  ]);
});

test("an unusable mirror is refused, and its entry is named", () => {
  for (const [text, named] of [
    ["{", "not valid JSON"],
    ['{"plan9":"http://m"}', "plan9"],
    ['{"al2023":"ftp://m"}', "al2023"],
    ['{"al2023":"http://m","al2":7}', "al2"],
  ] as const) {
    expect(() => parseFeedMirrors(text), text).toThrow(named);
  }
});

const sample = z.strictObject({
  /** Where it comes from: recorded from a vendor, documented by one, or written for the test. */
  provenance: z.string().regex(/^(Recorded|Documented|Written) /),
  publication: z.strictObject({
    advisory: z.strictObject({ id: z.string(), severity: advisorySeverity, cves: z.array(z.string()).min(1) }),
    package: z.strictObject({
      name: z.string(),
      architecture: z.string(),
      version: z.string(),
      source: z.string().exactOptional(),
    }),
  }),
  installed: manifest.shape.packages,
  fixed: manifest.shape.packages,
  /** The id under which it is announced. */
  announced: z.string(),
});

const samples = z
  .record(z.enum(osNames), sample)
  .parse(JSON.parse(readFileSync(new URL("samples.json", import.meta.url), "utf8")));

test.each(imageOsNames)("%s has an advisory sample with its provenance", (os) => {
  expect(samples[advisoriesOf(os)]?.provenance).toMatch(/^(Recorded|Documented|Written) /);
});

test.each(Object.entries(samples) as [keyof typeof samples, z.output<typeof sample>][])(
  "%s: its sample applies to what is installed, with its severity and CVEs, and no more once it is fixed",
  async (os, { publication, installed: before, fixed, announced }) => {
    const trigger = { severity: "unknown" } as const;
    const { publish, look, installed, failures } = await watchOne({ os, packages: before, trigger });
    const { advisory, package: published } = publication;
    publish({ advisory, packages: [published] });

    const open = await look();
    installed.manifest = { packages: fixed };
    const after = await look();

    expect(failures()).toEqual([]);
    expect(open.announce).toMatchObject([
      {
        id: announced,
        severity: advisory.severity,
        cves: advisory.cves,
        packages: [{ name: published.name, fixed: published.version }],
      },
    ]);
    expect(after.announce).toEqual([]);
  },
);
