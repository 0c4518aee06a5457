import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { transform } from "esbuild";
import { defineFactory, type FactoryInput, patchTuesday } from "../../core/factory/amint.ts";
import { describeIssue } from "../../core/factory/describe-issue.ts";
import { factorySchema } from "../../core/factory/factory-schema.ts";
import { renamedKeys, renameKeys } from "../../core/factory/renamed-keys.ts";

type Fields = Record<string, unknown>;

/** Where a key of the config stands, if not in the factory or in an image. */
const CHANNEL = new Set(["name", "share", "soak", "approval", "quorum", "exports", "rollout"]);
const GATE = new Set(["cve", "benchmark", "packages", "drift", "sbom"]);

/** What the snippets take from the rest of a config. */
const surroundings = {
  patchTuesday,
  content: { url: "https://example.com/benchmark.xml", sha256: "0".repeat(64) },
  baseline: { profile: "xccdf_org.ssgproject.content_profile_stig", accepted: {} },
  al2023Level1: { level: 1, accepted: {} },
};

/** TypeScript as a script whose last expression is its value. @throws Error of esbuild, with the line */
async function evaluate(code: string, context: object): Promise<unknown> {
  const { code: script } = await transform(code, { loader: "ts", format: "cjs", target: "es2024" });
  // Objects of another context would be of no class that a schema knows.
  return structuredClone(runInNewContext(script, context));
}

/** The example's config as it is written: `defineFactory` fills in defaults. */
async function exampleInput(): Promise<FactoryInput> {
  const text = readFileSync("factory.config.ts", "utf8").replace(/^import .*$/gm, "");
  const define = text.replace("export default defineFactory(", "(");
  return (await evaluate(define, { patchTuesday })) as FactoryInput;
}

const example = await exampleInput();
const imageKeys = new Set(Object.values(example.images).flatMap((image) => Object.keys(image)));
const isImage = (value: unknown): value is Fields => typeof value === "object" && value !== null && "os" in value;

/** An image of the example with other fields. A new one shares only what every image must have. */
function imageWith(name: string, fields: Fields): Fields {
  const { parent, channels, os, architecture } = example.images["al2023-base"] as Fields;
  const merged: Fields = { ...(example.images[name] ?? { parent, channels, os, architecture }), ...fields };
  const given = merged.channels as readonly Fields[];
  return { ...merged, channels: given.map((one) => ({ name: "stable", share: { organization: true }, ...one })) };
}

/** The example factory with a piece of a config put where it belongs. */
function exampleWith(piece: Fields): Fields {
  const factory: Fields = {};
  const image: Fields = {};
  const channel: Fields = {};
  const gate: Fields = {};
  const images: Record<string, Fields> = {};
  for (const [key, value] of Object.entries(piece)) {
    if (key === "images") for (const [name, one] of Object.entries(value as Fields)) images[name] = one as Fields;
    else if (isImage(value)) images[key] = value;
    else if (GATE.has(key)) gate[key] = value;
    else if (CHANNEL.has(key)) channel[key] = value;
    else if (imageKeys.has(key) || key === "tests") image[key] = value;
    else factory[key] = value;
  }
  if (Object.keys(gate).length > 0) image.gate = { ...example.images["al2023-base"]?.gate, ...gate };
  if (Object.keys(channel).length > 0) image.channels = [channel];
  if (Object.keys(image).length > 0) images["al2023-base"] = image;
  const merged = Object.entries(images).map(([name, fields]) => [name, imageWith(name, fields)]);
  return { ...example, ...factory, images: { ...example.images, ...Object.fromEntries(merged) } };
}

/**
 * Why a snippet is invalid in `factory.config.ts`; undefined if it is valid. What a piece refers to is in the rest of a
 * config, so that only a whole one is checked for that.
 */
export async function configFault(code: string): Promise<string | undefined> {
  try {
    if (/^export default defineFactory\(/m.test(code)) {
      const whole = code.replace(/^import .*$/gm, "").replace("export default defineFactory(", "(");
      defineFactory((await evaluate(whole, surroundings)) as FactoryInput);
      return undefined;
    }
    const piece = (await evaluate(`({${code}\n})`, surroundings)) as Fields;
    const { input, faults } = renameKeys(exampleWith(piece) as unknown as FactoryInput, renamedKeys);
    const { error } = factorySchema.safeParse(input, { reportInput: true });
    return (
      [...faults, ...(error?.issues ?? []).flatMap((issue) => describeIssue(issue, factorySchema))].join("; ") ||
      undefined
    );
  } catch (error) {
    return String(error);
  }
}

/** Why a snippet is not TypeScript or JavaScript; undefined where it is. */
export const syntaxFault = (code: string, loader: "ts" | "js"): Promise<string | undefined> =>
  transform(code, { loader, target: "es2024" }).then(
    () => undefined,
    (error) => String(error),
  );
