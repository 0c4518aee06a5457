import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildOptions, Plugin } from "esbuild";

/** Node's own `require`, for packages that are still CommonJS inside an ES module. */
export const REQUIRE =
  'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url);';

/** An SDK client reads only the version from its package.json, for the user agent; the bundle contains nothing else of it. */
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
 * environment variables"). The SDK's other credential providers would add four more clients to the bundle.
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

/** An SDK schema file with computed property names replaced by literals. */
function withLiteralKeys(source: string): string {
  const names = new Map([...source.matchAll(DECLARED)].map(([, name = "", value = ""]) => [name, value]));
  return source.replace(COMPUTED, (computed, name: string) => names.get(name) ?? computed);
}

/**
 * The SDK's schemas contain `{ [_xN]: _dR }` where `_xN` is a constant string. To esbuild a computed key may have side
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
 * Bundles the validated config, so that validation runs once, here, and not in every cold start; the schema and its
 * dependencies are not bundled. An error in the config fails the build with its path.
 */
const validatedConfig = (config: string): Plugin => ({
  name: VALIDATED,
  setup(build) {
    const ours = { filter: /[\\/]factory\.config\.[jt]s$/, namespace: "file" };
    build.onResolve(ours, () => ({ path: config, namespace: VALIDATED }));
    // The config's own file is imported for esbuild's list of sources, and then removed as unused.
    build.onResolve({ filter: /.*/, namespace: VALIDATED }, () => ({ path: config, sideEffects: false }));
    build.onLoad({ filter: /.*/, namespace: VALIDATED }, async ({ path }) => {
      const { default: factory } = await import(pathToFileURL(path).href);
      const contents = `import ${JSON.stringify(path)};\nexport default ${JSON.stringify(factory)};`;
      return { contents, loader: "js", resolveDir: dirname(path) };
    });
  },
});

/**
 * esbuild's options for the functions' bundles, for AWS and the embedded AWS. Minifying renames classes, so errors
 * have their names as literals.
 * @param config the absolute path of the factory's config
 */
export const bundleOptions = (config: string) =>
  ({
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    // With the packages' ES modules the bundles are a third smaller and load in half the time.
    mainFields: ["module", "main"],
    minify: true,
    plugins: [literalKeys, lambdaCredentials, clientVersion, validatedConfig(config)],
    logLevel: "silent",
  }) satisfies BuildOptions;
