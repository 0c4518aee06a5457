import * as z from "zod";

const list = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

const statement = z.object({
  Effect: z.string(),
  Principal: z.union([z.string(), z.record(z.string(), list)]).optional(),
  Action: list.default([]),
  Condition: z.record(z.string(), z.record(z.string(), list)).default({}),
});

const document = z.object({ Statement: z.union([statement.transform((one) => [one]), z.array(statement)]) });

/** Calls with a session name that the caller chooses. SAML assertions and AWS services set their own. */
const CHOSEN = ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"];

/**
 * Whether callers can choose the session name of a role. A principal with a session name then matches every caller who
 * chooses that name (IAM user guide, `sts:RoleSessionName`).
 * @param policy the role's trust policy
 */
export function choosesSessionName(policy: string): boolean {
  const { Statement } = document.parse(JSON.parse(policy));
  return Statement.some(
    ({ Effect, Principal, Action, Condition }) =>
      Effect === "Allow" && !isOfServices(Principal) && Action.some(isChosen) && !pinsName(Condition),
  );
}

const isOfServices = (principal: z.output<typeof statement>["Principal"]): boolean =>
  typeof principal === "object" && Object.keys(principal).every((kind) => kind === "Service");

const isChosen = (action: string): boolean => {
  const parts = action
    .toLowerCase()
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`^${parts.join(".*")}$`);
  return CHOSEN.some((chosen) => pattern.test(chosen.toLowerCase()));
};

const pinsName = (condition: z.output<typeof statement>["Condition"]): boolean =>
  Object.entries(condition).some(
    ([test, keys]) =>
      /^(ForAllValues:|ForAnyValue:)?String(Equals|EqualsIgnoreCase|Like)$/.test(test) &&
      Object.entries(keys).some(
        ([key, values]) => key.toLowerCase() === "sts:rolesessionname" && !values.some((value) => /^\*+$/.test(value)),
      ),
  );
