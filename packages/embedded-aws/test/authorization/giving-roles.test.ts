import { expect, test } from "vitest";
import { onDenied } from "../../src/authorization/denial.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { givingRole } from "../../src/services/iam/assert-assumable.ts";
import { ask, FACTORY, ROLE, withRole } from "./authorize-as.ts";

const OWNER = accountPrincipal(FACTORY);

test.each<[service: string, refusal: string]>([
  ["scheduler.amazonaws.com", "must allow AWS EventBridge Scheduler to assume the role"],
  ["states.amazonaws.com", "Neither the global service principal states.amazonaws.com"],
  ["events.amazonaws.com", "cannot be assumed by principal 'events.amazonaws.com'"],
  ["imagebuilder.amazonaws.com", "cannot be assumed by EC2 Image Builder"],
])("a role that does not trust %s is refused in that service's words", async (service, refusal) => {
  const aws = await withRole();

  const [pass, trust] = givingRole(aws, ROLE, service);

  expect(pass && ask(aws, { action: "", ...pass }, OWNER)).toBe("granted");
  expect(trust && ask(aws, { action: "", ...trust }, OWNER)).toContain(refusal);
});

test("a role that trusts the service is accepted, and one that does not exist is refused", async () => {
  const aws = await withRole();

  const [, trusted] = givingRole(aws, ROLE, "lambda.amazonaws.com");
  const [, absent] = givingRole(aws, `${ROLE}-2`, "lambda.amazonaws.com");

  expect(trusted && ask(aws, { action: "", ...trusted }, OWNER)).toBe("granted");
  expect(absent && ask(aws, { action: "", ...absent }, OWNER)).toContain("cannot be assumed by Lambda");
});

test("listeners get each denial with role, action and resource", async () => {
  const aws = await withRole();
  const told: string[] = [];
  onDenied(aws, ({ principal, action, resource }) => told.push(`${principal.arn} ${action} ${resource}`));

  ask(aws, { action: "ssm:GetParameter" });

  expect(told).toEqual([`arn:aws:sts::${FACTORY}:assumed-role/worker/session ssm:GetParameter *`]);
});
