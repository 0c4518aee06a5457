import type { ImageResult, ImageRun, System } from "component-runner";
import { manifest } from "../../core/evidence/manifest.ts";
import type { Example } from "../../demo/debian/example.ts";

interface Listed {
  readonly result: ImageResult;
  /** The packages of the uploaded manifest, and what dpkg-query says in the system that the tests ran in; each sorted. */
  readonly listed: readonly string[];
  readonly installed: readonly string[];
}

/** Builds and tests the example's image. */
export async function runAndList(example: Example, changes: Partial<ImageRun> = {}): Promise<Listed> {
  const uploads = new Map<string, string>();
  let installed = "";
  const result = await example.run({
    ...changes,
    aws: {
      ...example.aws,
      async putObject(bucket, key, content) {
        await example.aws.putObject(bucket, key, content);
        uploads.set(key.slice(key.lastIndexOf("/") + 1), new TextDecoder().decode(content));
      },
    },
    atEnd: async (system) => {
      installed = await outputOf(system, "dpkg-query --show --showformat='${Package} ${Version} ${Architecture}\\n'");
    },
  });
  const { packages } = manifest.parse(JSON.parse(uploads.get("packages.json") ?? ""));
  const listed = packages.map(
    ({ name, epoch, version, release, architecture }) =>
      `${name} ${Number(epoch) > 0 ? `${epoch}:` : ""}${version}${release ? `-${release}` : ""} ${architecture}`,
  );
  return { result, listed: listed.toSorted(), installed: installed.trim().split("\n").toSorted() };
}

async function outputOf(system: System, script: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  const onOutput = (chunk: Uint8Array) => void chunks.push(chunk);
  await system.run({ script, onOutput });
  return Buffer.concat(chunks).toString();
}
