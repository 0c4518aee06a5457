import { expect, test } from "vitest";
import { at, resourcesOf } from "../world/read-blueprint.ts";

const functionOf = (arn: string) =>
  arn
    .split(":")
    .at(-1)
    ?.replace(/^amint-[a-z0-9]+-/, "");
const urls = resourcesOf("FunctionUrl").map((url) => ({
  of: functionOf(at<string>(url, "functionName")),
  auth: at<string>(url, "authorizationType"),
  cors: at(url, "cors"),
}));
test("the factory has four URLs: three authorized by IAM, and one for Slack, which the function authenticates", () => {
  expect(urls.toSorted((a, b) => String(a.of).localeCompare(String(b.of)))).toEqual([
    { of: "answer-approval", auth: "AWS_IAM", cors: undefined },
    { of: "answer-slack", auth: "NONE", cors: undefined },
    { of: "promote-build", auth: "AWS_IAM", cors: undefined },
    { of: "start-build", auth: "AWS_IAM", cors: undefined },
  ]);
});

test("a public function can neither decide nor read", () => {
  const role = resourcesOf("Role").find((one) => String(at(one, "name")).endsWith("-answer-slack"));

  const text = JSON.stringify(role?.inputs);

  expect(text).toContain("dynamodb:PutItem");
  expect(text).not.toMatch(/states:|dynamodb:(GetItem|Query|UpdateItem|DeleteItem)|events:PutEvents/);
});
