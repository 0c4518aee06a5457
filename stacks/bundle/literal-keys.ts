import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

const DECLARED = /^const (_\w+) = ("[^"\\]*");$/gm;
const COMPUTED = /\[(_\w+)\](?=: )/g;

/** A schema file of the SDK's, with the names of properties written where they are used. */
export function withLiteralKeys(source: string): string {
  const names = new Map([...source.matchAll(DECLARED)].map(([, name = "", value = ""]) => [name, value]));
  return source.replace(COMPUTED, (computed, name: string) => names.get(name) ?? computed);
}

/**
 * The SDK's schemas say `{ [_xN]: _dR }` where `_xN` is a constant string. To esbuild a computed key may have side
 * effects, so it keeps every shape of a service: 554 kB of EC2's for five operations (aws/aws-sdk-js-v3 issue 7607).
 */
export const literalKeys: Plugin = {
  name: "literal-keys",
  setup(build) {
    build.onLoad(
      { filter: /[\\/]@aws-sdk[\\/].*[\\/]dist-es[\\/].*schemas[\\/]schemas_\d+\.js$/ },
      async ({ path }) => ({
        contents: withLiteralKeys(await readFile(path, "utf8")),
        loader: "js",
      }),
    );
  },
};
