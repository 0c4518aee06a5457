import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { eachLambda } from "./new-lambda.ts";

const lambda = eachLambda();

describe("a function's own waits", () => {
  it("cost hardly any real time, and the function sees them pass", async () => {
    lambda.deploy("sleeping.handler", { timeoutSeconds: 600 });
    await lambda.invoke("sleeping-handler", { ms: 0 });

    const begun = performance.now();
    const { payload } = await lambda.invoke("sleeping-handler", { ms: 20_000, steps: 5 });

    expect(payload).toBe(100_000);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it("end at its timeout", async () => {
    lambda.deploy("sleeping.handler", { timeoutSeconds: 60 });

    const long = await lambda.invoke("sleeping-handler", { ms: 61_000 });
    const short = await lambda.invoke("sleeping-handler", { ms: 1_000 });

    expect(long.payload.errorMessage).toMatch(/Task timed out after 60.00 seconds$/);
    expect(short.payload).toBe(1_000);
  });

  it("never overtake an answer that is on its way", async () => {
    const server = createServer((_, response) => setTimeout(() => response.end("the answer"), 150));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    lambda.deploy("sleeping.racing");

    const { payload } = await lambda.invoke("sleeping-racing", { url });
    server.close();

    expect(payload).toBe("the answer");
  });
});
