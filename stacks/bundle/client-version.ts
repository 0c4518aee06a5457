import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** Of its own package.json a client of the SDK reads the version, for the user agent; the bundle has nothing else. */
export const clientVersion: Plugin = {
  name: "client-version",
  setup(build) {
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, "utf8"));
      return { contents: JSON.stringify({ version }), loader: "json" };
    });
  },
};
