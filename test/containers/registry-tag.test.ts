import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { readTagDigest } from "../../adapters/containers/registry-tag.ts";
import { parseReference } from "../../core/containers/references.ts";
import { closedHost, startRegistry } from "./registry.ts";

const digestOf = (letters: string) => `sha256:${Buffer.from(letters).toString("hex").padEnd(64, "0")}`;

test("the registry resolves a tag, with an anonymous token", async () => {
  const { host, asked } = await startRegistry({ "docker/library/node:22": "first" });

  expect(await readTagDigest(`${host}/docker/library/node:22`)).toBe(digestOf("first"));
  expect(asked).toEqual([
    "HEAD /v2/docker/library/node/manifests/22",
    "GET /token",
    "HEAD /v2/docker/library/node/manifests/22",
  ]);
});

test("a registry that needs no token gets one request", async () => {
  const { host, asked } = await startRegistry({ "node:22": "first" }, { open: true });

  expect(await readTagDigest(`${host}/node:22`)).toBe(digestOf("first"));
  expect(asked).toEqual(["HEAD /v2/node/manifests/22"]);
});

test("without a digest header, the manifest's digest is computed", async () => {
  const { host } = await startRegistry({ "node:22": "{}" }, { silent: true });

  expect(await readTagDigest(`${host}/node:22`)).toBe(`sha256:${createHash("sha256").update("{}").digest("hex")}`);
});

test.each([
  ["a tag that does not exist", {}, "node:23", /127\.0\.0\.1:\d+ answered HTTP 404/],
  ["a registry that wants a password", { challenge: 'Basic realm="x"' }, "node:22", /requires credentials \(Basic/],
  ["no anonymous token", { tokenStatus: 403 }, "node:22", /issues no anonymous token \(HTTP 403\)/],
  [
    "tokens from somewhere that is not protected",
    { challenge: 'Bearer realm="http://registry.example.com/token"' },
    "node:22",
    /tokens come from http:\/\/registry\.example\.com\/token/,
  ],
])("%s is said, with what was asked for", async (_, manner, image, why) => {
  const { host } = await startRegistry({ "node:22": "first" }, manner);

  await expect(readTagDigest(`${host}/${image}`)).rejects.toThrow(`${host}/${image} could not be resolved: `);
  await expect(readTagDigest(`${host}/${image}`)).rejects.toThrow(why);
});

test("an unreachable registry is reported", async () => {
  await expect(readTagDigest(`${await closedHost()}/node:22`)).rejects.toThrow(/did not respond: .*ECONNREFUSED/);
});

test.each([
  ["node:22", { registry: "registry-1.docker.io", repository: "library/node", tag: "22" }],
  ["bitnami/nginx:1.27", { registry: "registry-1.docker.io", repository: "bitnami/nginx", tag: "1.27" }],
  ["docker.io/library/node:22", { registry: "registry-1.docker.io", repository: "library/node", tag: "22" }],
  ["ghcr.io/org/app:v1", { registry: "ghcr.io", repository: "org/app", tag: "v1" }],
  ["localhost:5000/app:v1", { registry: "localhost:5000", repository: "app", tag: "v1" }],
  [`ghcr.io/org/app@sha256:${"0".repeat(64)}`, undefined],
])("the reference %s is read as Docker reads it", (reference, expected) => {
  expect(parseReference(reference)).toEqual(expected);
});
