import { expect, it } from "vitest";
import { setQuota } from "../../src/services/servicequotas/state.ts";
import { refusedStatus } from "../expect-refusal.ts";
import { ACCOUNT, newLambda, REGION } from "./new-lambda.ts";

it("keeps 100 concurrent executions unreserved, so that an account limited to 10 can reserve none", async () => {
  const { aws, call, deploy } = newLambda();
  deploy("echo.handler");
  const FunctionName = "echo-handler";
  const reserve = (ReservedConcurrentExecutions: number) =>
    call("PutFunctionConcurrency", { FunctionName, ReservedConcurrentExecutions });

  await reserve(900);
  const settings = await call("GetAccountSettings", {});
  await expect(reserve(901)).rejects.toMatchObject({ code: "InvalidParameterValueException" });
  setQuota(aws, ACCOUNT, REGION, "L-B99A9384", 10);

  await expect(reserve(1)).rejects.toThrow(
    "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
  );
  expect(settings).toMatchObject({
    AccountLimit: { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 100 },
    AccountUsage: { FunctionCount: 1 },
  });
  // Reserving nothing keeps a function from running, and takes nothing from the others.
  await reserve(0);
});

it("throttles functions that reserve nothing once they use up the account's unreserved executions together", async () => {
  const { aws, deploy, invoke } = newLambda();
  deploy("sleeping.busy", { timeoutSeconds: 30 });
  deploy("echo.handler");
  setQuota(aws, ACCOUNT, REGION, "L-B99A9384", 2);

  const answers = await Promise.allSettled([
    invoke("sleeping-busy", { until: 30 }),
    invoke("sleeping-busy", { until: 30 }),
    invoke("echo-handler"),
  ]);
  const later = await invoke("echo-handler");

  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
  expect(answers[2]).toMatchObject({ reason: { code: "TooManyRequestsException", message: "Rate Exceeded." } });
  expect(await refusedStatus("lambda", (answers[2] as PromiseRejectedResult).reason)).toBe(429);
  expect(later.status).toBe(200);
});
