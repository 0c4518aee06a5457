import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { manifest, sbom } from "../../core/evidence/manifest.ts";
import { nestsDeeper } from "../../core/evidence/nests-deeper.ts";
import { factoryWith, startEvidenceWorld } from "../evidence/evidence-world.ts";

const MB = 2 ** 20;
const bash = { name: "bash", version: "5", architecture: "x86_64" };
const honest = JSON.stringify({ packages: [bash] });
const nested = `{"packages":[],"more":${"[".repeat(100)}${"]".repeat(100)}}`;
/** Unpacks to 257 MB: gzip's members follow one another. */
const bomb = Buffer.concat([gzipSync("<a>"), ...Array<Buffer>(257).fill(gzipSync(Buffer.alloc(MB, " ")))]);
const isPolluted = () => ({}) as { polluted?: unknown };

/** The result of a build whose instance uploads these files beside an honest manifest. */
async function collectedWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const all: Readonly<Record<string, string | Uint8Array>> = { "packages.json": honest, ...files };
  const world = await startEvidenceWorld({ file: (_, path) => all[path.slice(path.lastIndexOf("/") + 1)] });
  const build = await world.build();
  return world.collect(factoryWith({ cve: { count: "all" } }), build).then(
    () => "collected",
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

describe("a build whose instance was taken over", () => {
  test.each([
    ["packages.json", "x".repeat(32 * MB + 1), /33554433 bytes, of at most 33554432/],
    ["packages.json", nested, /nested deeper than 64 levels/],
    ["packages.json", JSON.stringify({ packages: [{ ...bash, name: "x".repeat(257) }] }), /packages/],
    ["packages.json", JSON.stringify({ packages: { length: 1e9 } }), /expected array/],
    ["packages.json", new Uint8Array([0xff, 0xfe]), /The encoded data was not valid/],
    ["sbom.cdx.json", `{"a":${"[".repeat(50_000)}`, /nested deeper than 64 levels/],
    ["cis-results.xml.gz", bomb, /more than 268435456 bytes/],
  ] as const)("ends its own promotion with %s that is hostile, and says why", async (file, body, why) => {
    const outcome = await collectedWith({ [file]: body });

    expect(outcome).toMatch(/^(UploadUnreadable|CisResultUnreadable): manifests\/AROA\w+:i-\w+\//);
    expect(outcome).toMatch(why);
  });

  test("reaches nothing by names that JavaScript knows", async () => {
    const text = `{"packages":[${JSON.stringify(bash)}],"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`;

    expect(await collectedWith({ "packages.json": text })).toBe("collected");
    expect(isPolluted().polluted).toBeUndefined();
  });
});

describe("the limits of an upload", () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => ({ ...bash, name: `p${n}` }));

  test("are at their values, and one over", () => {
    expect(manifest.safeParse({ packages: many(100_000) }).success).toBe(true);
    expect(manifest.safeParse({ packages: many(100_001) }).success).toBe(false);
    expect(manifest.safeParse({ packages: [{ ...bash, version: "1".repeat(256) }] }).success).toBe(true);
    expect(manifest.safeParse({ packages: [{ ...bash, version: "1".repeat(257) }] }).success).toBe(false);
    expect(nestsDeeper(`${"[".repeat(64)}${"]".repeat(64)}`, 64)).toBe(false);
    expect(nestsDeeper(`${"[".repeat(65)}${"]".repeat(65)}`, 64)).toBe(true);
    expect(nestsDeeper(JSON.stringify(`${"[".repeat(100)}\\"{`), 0)).toBe(false);
  });

  test("of a bill of materials are its packages and the length of each", () => {
    const head = { bomFormat: "CycloneDX", specVersion: "1.5", metadata: { timestamp: "2026-04-01T08:00:00Z" } };
    const parse = (components: object[]) => sbom.safeParse({ ...head, components }).success;
    const component = { type: "library", name: "bash" };

    expect(parse([{ ...component, purl: "p".repeat(2_048) }])).toBe(true);
    expect(parse([{ ...component, purl: "p".repeat(2_049) }])).toBe(false);
    expect(parse(Array.from({ length: 100_001 }, () => component))).toBe(false);
  });
});
