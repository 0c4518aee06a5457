import { GetObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../../src/server.ts";
import { START, withBucket } from "../s3/s3-client.ts";

test("A presigned URL gives the object until it expires, by AWS's clock", async () => {
  const { aws, client } = await withBucket();
  await client.putObject({ Bucket: "evidence", Key: "a", Body: "bytes" });
  const server = await startServer(aws, { port: 0 });
  onTestFinished(() => server.close());
  const command = new GetObjectCommand({ Bucket: "evidence", Key: "a" });
  const local = (url: string) => {
    const { hostname, pathname, search } = new URL(url);
    return `${server.url}/${hostname.split(".")[0]}${pathname}${search}`;
  };
  const linkOf = async (minutesAgo: number) =>
    local(await getSignedUrl(client, command, { expiresIn: 3600, signingDate: new Date(START - minutesAgo * 60_000) }));

  const inTime = await fetch(await linkOf(59));
  const late = await fetch(await linkOf(61));

  expect(await inTime.text()).toBe("bytes");
  expect(late.status).toBe(403);
  expect(await late.text()).toContain("Request has expired");
});
