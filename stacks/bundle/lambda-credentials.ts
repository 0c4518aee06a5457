import type { Plugin } from "esbuild";

/**
 * Lambda gives a function its role's credentials in environment variables (Lambda developer guide, "Using Lambda
 * environment variables"). The SDK's other ways to find some, for laptops and servers, bring four more clients.
 */
export const lambdaCredentials: Plugin = {
  name: "lambda-credentials",
  setup(build) {
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/]credential-provider-node[\\/]dist-es[\\/]index\.js$/ }, () => ({
      contents: 'export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";',
      loader: "js",
    }));
  },
};
