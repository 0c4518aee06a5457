import { AwsError } from "../../engine/aws-error.ts";

interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

export const machineArn = ({ partition, account, region }: Place, name: string): string =>
  `arn:${partition}:states:${region}:${account}:stateMachine:${name}`;

/** The execution ARN for a state machine's ARN. */
export const executionArn = (machine: string, name: string): string =>
  `${machine.replace(":stateMachine:", ":execution:")}:${name}`;

export const regionOf = (arn: string): string => arn.split(":")[3] ?? "";

export const accountOf = (arn: string): string => arn.split(":")[4] ?? "";

/** Refuses, as AWS does, an ARN that is not a state machine's or an execution's. */
export function checkArn(arn: string | undefined, kind: "stateMachine" | "execution"): string {
  const parts = arn?.split(":") ?? [];
  if (parts[0] !== "arn" || parts[2] !== "states")
    throw new AwsError("InvalidArn", `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  if (parts[5] !== kind)
    throw new AwsError("InvalidArn", `Invalid Arn: 'Resource type not valid in this context: ${parts[5]}'`);
  return arn!;
}

const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

/** Names of machines and executions must not contain white space, brackets, wildcards and similar characters. */
export function checkName(name = ""): string {
  if (FORBIDDEN.test(name)) throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
  return name;
}
