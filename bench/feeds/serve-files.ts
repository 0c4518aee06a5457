import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Serves files by path on 127.0.0.1. */
export async function serveFiles(files: ReadonlyMap<string, Buffer>): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? "");
    response.writeHead(file ? 200 : 404).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
