/** What the embedded AWS asks a program for: esbuild's options for its functions. They are those of the deployment. */
export { bundleOptions as default } from "./stacks/bundle/options.ts";
