import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluateIdentity } from "../../src/authorization/evaluate.ts";
import { parsePolicy } from "../../src/authorization/policy-document.ts";
import { policy } from "../policy.ts";

const action = fc.constantFrom("ssm:GetParameter", "ssm:PutParameter", "ec2:RunInstances");
const resource = fc.constantFrom(
  "arn:aws:ssm:eu-west-1:111122223333:parameter/a",
  "arn:aws:ssm:eu-west-1:111122223333:parameter/b",
);
const statement = fc.record({
  Effect: fc.constantFrom("Allow", "Deny"),
  Action: fc.array(fc.oneof(action, fc.constantFrom("*", "ssm:*", "ssm:Get*")), { minLength: 1, maxLength: 3 }),
  Resource: fc.array(fc.oneof(resource, fc.constantFrom("*", "arn:aws:ssm:*:*:parameter/*")), {
    minLength: 1,
    maxLength: 2,
  }),
});
const request = fc.record({ action, resource, context: fc.constant(new Map<string, string[]>()) });

const granted = (statements: object[], asked: Parameters<typeof evaluateIdentity>[1]): boolean => {
  const { allowed, denied } = evaluateIdentity(parsePolicy(policy(...(statements as never[]))), asked);
  return allowed.length > 0 && denied.length === 0;
};

test("the order of statements changes nothing", () => {
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 6 }), request, (statements, asked) => {
      expect(granted([...statements].reverse(), asked)).toBe(granted(statements, asked));
    }),
  );
});

test("a deny of the request wins, wherever it stands", () => {
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 6 }), fc.nat(6), request, (statements, at, asked) => {
      const deny = { Effect: "Deny" as const, Action: [asked.action], Resource: [asked.resource] };

      expect(granted(statements.toSpliced(at, 0, deny), asked)).toBe(false);
    }),
  );
});

test("one more grant never takes a permission away, one more deny never gives one", () => {
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 6 }), statement, request, (statements, more, asked) => {
      const before = granted(statements, asked);
      const after = granted([...statements, more], asked);

      expect(more.Effect === "Allow" ? !before || after : !after || before).toBe(true);
    }),
  );
});

test("nothing is granted that no statement allows", () => {
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 6 }), request, (statements, asked) => {
      const denials = statements.filter(({ Effect }) => Effect === "Deny");

      expect(granted(denials, asked)).toBe(false);
    }),
  );
});
