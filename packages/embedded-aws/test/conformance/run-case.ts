import type { StartExecutionCommandOutput } from "@aws-sdk/client-sfn";
import type { AwsError } from "../../src/engine/aws-error.ts";
import { type Functions, functionArn, named, roleArn, start, Workbench } from "../states/workbench.ts";
import type { Behaviour, Case } from "./asl-cases.ts";
import { disagreements } from "./compare-run.ts";

/** What our answer to a case says otherwise than AWS's; empty when they agree. */
export async function runCase(one: Case): Promise<string[]> {
  const workbench = new Workbench(functionsOf(one));
  const definition = fillIn(one, one.definitionText ?? JSON.stringify(one.definition));
  if (one.expected.validateResult !== undefined) return validate(workbench, one, definition);
  if (one.expected.createError !== undefined) return create(workbench, one, definition);
  const { stateMachineArn } = await workbench.call<{ stateMachineArn: string }>("CreateStateMachine", {
    name: "machine",
    definition,
    roleArn,
  });
  const input = fillIn(one, JSON.stringify(one.input ?? {}));
  const { executionArn } = await workbench.call<StartExecutionCommandOutput>("StartExecution", {
    stateMachineArn,
    input,
  });
  await workbench.clock.runUntil(start + 24 * 3_600_000);
  return disagreements(one, await workbench.look(executionArn!));
}

async function validate(workbench: Workbench, { type, expected }: Case, definition: string): Promise<string[]> {
  const { result, diagnostics } = await workbench.call<{ result: string; diagnostics: unknown }>(
    "ValidateStateMachineDefinition",
    { definition, type },
  );
  const [got, wanted] = [JSON.stringify(diagnostics), JSON.stringify(expected.diagnostics)];
  const same = JSON.stringify(sorted(diagnostics)) === JSON.stringify(sorted(expected.diagnostics));
  return [
    ...(result === expected.validateResult ? [] : [`result ${result} instead of ${expected.validateResult}`]),
    ...(same ? [] : [`diagnostics ${got} instead of ${wanted}`]),
  ];
}

async function create(workbench: Workbench, { type, expected }: Case, definition: string): Promise<string[]> {
  try {
    await workbench.call("CreateStateMachine", { name: "machine", definition, roleArn, type });
    return [`accepted instead of ${expected.createError}`];
  } catch (refusal) {
    const { code, message } = refusal as AwsError;
    if (code !== expected.createError) return [`${code} instead of ${expected.createError}`];
    // Of labels AWS says the same in the words of its implementation ("Error=ValueError Args=...").
    if (message === expected.message || expected.message?.startsWith("Error=ValueError")) return [];
    return [`${message} instead of ${expected.message}`];
  }
}

function functionsOf({ lambdas = {} }: Case): Functions {
  return Object.fromEntries(Object.entries(lambdas).map(([placeholder, one]) => [placeholder, act(one)]));
}

function act({ kind, behaviour, errorType, errorMessage }: Behaviour): Functions[string] {
  switch (kind) {
    case "echo":
      return (event) => event;
    case "raise":
      return () => {
        throw named(errorType ?? "Exception", errorMessage ?? "");
      };
    default:
      throw new Error(`no stand-in for a function of kind ${kind}: ${behaviour}`);
  }
}

/** Functions are named for their placeholders. */
const fillIn = ({ placeholders }: Case, text: string): string =>
  placeholders.reduce((filled, name) => {
    const value = name.startsWith("LAMBDA_ARN") ? functionArn(name) : name.replace("LAMBDA_NAME", "LAMBDA_ARN");
    return filled.replaceAll(`\${${name}}`, value);
  }, text);

/** With the keys of every object in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, sorted(part)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
