import { afterEach, expect, test, vi } from "vitest";
import { coldStartsOf } from "../../src/services/lambda/function-telemetry.ts";
import { closeLambda } from "../../src/services/lambda/runner.ts";
import { newLambda } from "./new-lambda.ts";

const lambda = newLambda();
afterEach(() => closeLambda(lambda.aws));

test("where one function of a program is used, threads of the others load beside it", async () => {
  for (const name of ["used", "second", "third"]) lambda.deploy("echo.handler", { name });

  await lambda.invoke("used");

  await vi.waitFor(() => expect(coldStartsOf(lambda.aws)).toHaveLength(3), { timeout: 10_000 });
  const started = coldStartsOf(lambda.aws).map(({ functionName }) => functionName);
  expect(started.toSorted()).toEqual(["second", "third", "used"]);
  expect((await lambda.invoke("second")).payload.context.functionName).toBe("second");
  expect(coldStartsOf(lambda.aws)).toHaveLength(3);
}, 20_000);
