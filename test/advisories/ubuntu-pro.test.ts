import { expect, test } from "vitest";
import { parseFeedMirrors, ubuntuProFeedsOf } from "../../core/advisories/feeds-of.ts";
import { ubuntuProKeys } from "../../core/advisories/vendor-keys.ts";
import type { Manifest } from "../../core/evidence/manifest.ts";
import { hasUbuntuPro } from "../../core/evidence/ubuntu-pro.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { watchOne } from "./watch-one.ts";

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
