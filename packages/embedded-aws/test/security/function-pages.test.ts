import { expect, test } from "vitest";
import { PUBLIC, startAws } from "../lambda/function-url-aws.ts";
import { type Received, send } from "./a-browser.ts";

const cors = { AllowOrigins: ["https://a.example"], AllowMethods: ["*"] };

test("a page of another site drives no function whose CORS configuration does not name it", async () => {
  const aws = await startAws();
  const open = await aws.serve("echo", "NONE", PUBLIC, { Cors: cors });
  const from = (headers: Record<string, string>): Promise<Received> =>
    send(open, { method: "POST", path: new URL(open).pathname, headers });

  const named = await from({ origin: "https://a.example", "sec-fetch-site": "cross-site" });
  const own = await from({ origin: aws.server.url, "sec-fetch-site": "same-origin" });
  const other = await from({ origin: "https://b.example", "sec-fetch-site": "cross-site" });
  const image = await from({ "sec-fetch-site": "cross-site" });

  expect([named.status, own.status, other.status, image.status]).toEqual([200, 200, 403, 403]);
});

test("a page of another site drives no function without a CORS configuration", async () => {
  const aws = await startAws();
  const url = await aws.serve("echo", "NONE", PUBLIC);

  const refused = await send(url, {
    method: "POST",
    path: new URL(url).pathname,
    headers: { origin: "https://a.example", "sec-fetch-site": "cross-site" },
  });

  expect(refused.status).toBe(403);
});
