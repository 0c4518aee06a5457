import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** Host and port without a listener. */
export async function closedHost(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

/** How a registry differs from most. */
interface Manner {
  /** No token is required. */
  readonly open?: boolean;
  /** No header has the digest. */
  readonly silent?: boolean;
  readonly challenge?: string;
  readonly tokenStatus?: number;
}

/**
 * A public registry on 127.0.0.1, as the OCI distribution specification has it: it requires a token, issues one to every
 * client, and resolves tags.
 * @param tags manifests, by repository and tag
 */
export async function startRegistry(tags: Record<string, string>, manner: Manner = {}) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://registry");
    asked.push(`${request.method} ${pathname}`);
    if (pathname === "/token") {
      response.writeHead(manner.tokenStatus ?? 200, { "content-type": "application/json" });
      response.end(JSON.stringify({ token: `for ${searchParams.get("service")}, ${searchParams.get("scope")}` }));
      return;
    }
    const [, repository = "", tag = ""] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(pathname) ?? [];
    const scope = `repository:${repository}:pull`;
    if (!manner.open && request.headers.authorization !== `Bearer for registry, ${scope}`) {
      const asks = `Bearer realm="http://${request.headers.host}/token",service="registry",scope="${scope}"`;
      response.writeHead(401, { "www-authenticate": manner.challenge ?? asks }).end();
      return;
    }
    const manifest = tags[`${repository}:${tag}`];
    if (manifest === undefined) {
      response.writeHead(404).end();
      return;
    }
    const digest = `sha256:${Buffer.from(manifest).toString("hex").padEnd(64, "0").slice(0, 64)}`;
    response.writeHead(200, manner.silent ? {} : { "docker-content-digest": digest });
    response.end(request.method === "HEAD" ? undefined : manifest);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
