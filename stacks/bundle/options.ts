import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildOptions, Plugin } from "esbuild";

/** Node's own `require`, for packages that are still CommonJS inside an ES module. */
export const REQUIRE =
  'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url);';

/** Of its own package.json a client of the SDK reads the version, for the user agent; the bundle has nothing else. */
const clientVersion: Plugin = {
  name: "client-version",
  setup(build) {
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, "utf8"));
      return { contents: JSON.stringify({ version }), loader: "json" };
    });
  },
};

/**
 * Lambda gives a function its role's credentials in environment variables (Lambda developer guide, "Using Lambda
 * environment variables"). The SDK's other ways to find some, for laptops and servers, bring four more clients.
 */
const lambdaCredentials: Plugin = {
  name: "lambda-credentials",
  setup(build) {
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/]credential-provider-node[\\/]dist-es[\\/]index\.js$/ }, () => ({
      contents: 'export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";',
      loader: "js",
    }));
  },
};

const DECLARED = /^const (_\w+) = ("[^"\\]*");$/gm;

const COMPUTED = /\[(_\w+)\](?=: )/g;

/** A schema file of the SDK's, with the names of properties written where they are used. */
function withLiteralKeys(source: string): string {
  const names = new Map([...source.matchAll(DECLARED)].map(([, name = "", value = ""]) => [name, value]));
  return source.replace(COMPUTED, (computed, name: string) => names.get(name) ?? computed);
}

/**
 * The SDK's schemas say `{ [_xN]: _dR }` where `_xN` is a constant string. To esbuild a computed key may have side
 * effects, so it keeps every shape of a service: 554 kB of EC2's for five operations (aws/aws-sdk-js-v3 issue 7607).
 */
const literalKeys: Plugin = {
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

const VALIDATED = "validated-config";

/**
 * The factory's config goes into the bundles as it comes out of its validation, which so happens once, here, and not
 * in every cold start: the schema and what it needs stay out. A mistake in the config fails the build with its path.
 */
const validatedConfig = (config: string): Plugin => ({
  name: VALIDATED,
  setup(build) {
    const ours = { filter: /[\\/]factory\.config\.[jt]s$/, namespace: "file" };
    build.onResolve(ours, () => ({ path: config, namespace: VALIDATED }));
    // What the validated values are imported from is read, so that the build knows its sources, and left out.
    build.onResolve({ filter: /.*/, namespace: VALIDATED }, () => ({ path: config, sideEffects: false }));
    build.onLoad({ filter: /.*/, namespace: VALIDATED }, async ({ path }) => {
      const { default: factory } = await import(pathToFileURL(path).href);
      const contents = `import ${JSON.stringify(path)};\nexport default ${JSON.stringify(factory)};`;
      return { contents, loader: "js", resolveDir: dirname(path) };
    });
  },
});

/**
 * How the functions' bundles are made, for AWS and for the embedded AWS alike. Names of classes get lost, so errors
 * carry theirs as literals.
 * @param config the absolute path of the factory's config
 */
export const bundleOptions = (config: string) =>
  ({
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    // The packages' ES modules come out a third smaller, and load in half the time.
    mainFields: ["module", "main"],
    minify: true,
    plugins: [literalKeys, lambdaCredentials, clientVersion, validatedConfig(config)],
    logLevel: "silent",
  }) satisfies BuildOptions;
