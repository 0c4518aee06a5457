import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { foldersOf } from "../bundle/folders.ts";
import { scratchOf } from "./places.ts";

interface BuildRequest {
  readonly functionID: string;
  readonly handler: string;
}

/** The handlers that the program bundles, by the function's logical name. */
export type Builds = ReadonlyMap<string, string>;

/** Serves the program's HTTP requests to SST's CLI. Every bundle is the same empty file: the code is not evaluated. */
export async function serveSst(root: string): Promise<Builds> {
  const builds = new Map<string, string>();
  const { program } = foldersOf(root);
  const bundle = join(scratchOf(root), "bundle");
  mkdirSync(bundle, { recursive: true });
  writeFileSync(join(bundle, "bundle.mjs"), "");

  const answer = (method: string, request: unknown): object => {
    switch (method) {
      case "Provider.Aws.Bootstrap":
        return { asset: "sst-asset", state: "sst-state", assetEcrRegistryId: "", assetEcrUrl: "" };
      case "Runtime.Build": {
        const { functionID, handler } = request as BuildRequest;
        const source = handler.replace(/\.\w+$/, "");
        if (![".ts", ".js"].some((ending) => existsSync(join(program, source + ending))))
          throw new Error(`${functionID}: ${source}.ts does not exist`);
        builds.set(functionID, handler);
        return { handler, out: bundle, errors: [], sourcemaps: [] };
      }
      default:
        throw new Error(`The evaluator does not know ${method} of SST's CLI; add it to serve-sst.ts.`);
    }
  };

  const server = http.createServer((request, response) => {
    readJson(request)
      .then(({ method, params }) => response.end(JSON.stringify({ result: answer(method, params[0]) })))
      .catch((error: Error) => response.end(JSON.stringify({ error: error.message })));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The evaluator's server has no port.");
  process.env.SST_SERVER = `http://127.0.0.1:${address.port}`;
  return builds;
}

async function readJson(chunks: AsyncIterable<Uint8Array>): Promise<{ method: string; params: unknown[] }> {
  const parts: Uint8Array[] = [];
  for await (const part of chunks) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}
