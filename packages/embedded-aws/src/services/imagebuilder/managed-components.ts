import type { Component, ComponentParameterDetail } from "@aws-sdk/client-imagebuilder";
import type { PhaseName, ToeDocument, ToeParameter } from "component-runner/documents";
import { compareVersions, matchesVersion, type Place } from "./arn.ts";
import recorded from "./managed-components.json" with { type: "json" };

interface Managed {
  readonly name: string;
  readonly description: string;
  readonly phase: PhaseName;
  readonly step: string;
  readonly action: string;
  readonly platform?: "Windows";
  /** Undefined if AWS's guide does not describe them: recipes may then set any. */
  readonly parameters?: readonly ToeParameter[];
}

/**
 * Components that AWS owns. Their documents are not public: each has a single step here. Parameters are those of the
 * Image Builder user guide, "STIG hardening components".
 */
const MANAGED = recorded as readonly Managed[];

/** AWS owns more than these. */
export const managedComponentNames: readonly string[] = MANAGED.map(({ name }) => name);

/** The parameters of a component that AWS owns; undefined if they are not known. */
export const managedParameters = (name: string): readonly ToeParameter[] | undefined =>
  MANAGED.find((one) => one.name === name)?.parameters;

/** The known version. AWS's versions change; references with `x.x.x` follow them. */
const VERSION = "1.0.2";

/** A component owned by AWS, by name and version pattern. */
export function managedComponent(place: Place, name: string, pattern: string): Component | undefined {
  const managed = MANAGED.find((one) => one.name === name);
  // Assumes that every version up to the known one existed.
  const version = pattern.includes("x") ? VERSION : pattern;
  if (!managed || !matchesVersion(version, pattern) || compareVersions(version, VERSION) > 0) return undefined;
  return toComponent(place, managed, version);
}

export const managedComponents = (place: Place): Component[] =>
  MANAGED.map((managed) => toComponent(place, managed, VERSION));

const toComponent = (
  { region }: Place,
  { name, description, phase, platform, parameters }: Managed,
  version: string,
): Component => ({
  arn: `arn:aws:imagebuilder:${region}:aws:component/${name}/${version}/1`,
  name,
  version,
  description,
  type: phase === "test" ? "TEST" : "BUILD",
  platform: platform ?? "Linux",
  parameters: parameters && toDetails(parameters),
  owner: "Amazon",
  encrypted: true,
  dateCreated: "2024-01-01T00:00:00.000Z",
  tags: {},
});

/** A document's parameters as in GetComponent. */
export const toDetails = (parameters: readonly ToeParameter[]): ComponentParameterDetail[] =>
  parameters.map(({ name, default: value, description }) => ({
    name,
    type: "string",
    defaultValue: value === undefined ? undefined : [value],
    description,
  }));

/** The document used for one of AWS's components. */
export function managedDocument(name: string): ToeDocument | undefined {
  const managed = MANAGED.find((one) => one.name === name);
  return managed && document(managed);
}

const document = ({ name, description, phase, step, action, parameters = [] }: Managed): ToeDocument => ({
  name,
  description,
  parameters,
  constants: {},
  phases: [
    {
      name: phase,
      steps: [
        {
          name: step,
          action,
          timeoutSeconds: 7200,
          onFailure: "Abort",
          maxAttempts: 1,
          inputs: {},
          loop: undefined,
          condition: undefined,
          disableLogging: false,
          line: 1,
        },
      ],
    },
  ],
});
