import type { Component, ComponentParameterDetail } from "@aws-sdk/client-imagebuilder";
import type { PhaseName, ToeDocument, ToeParameter } from "component-runner/documents";
import { compareVersions, matchesVersion, type Place } from "./arn.ts";

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

const build = (name: string, description: string, step: string, action = "ExecuteBash"): Managed => ({
  name,
  description,
  phase: "build",
  step,
  action,
});

const test = (name: string, description: string, step: string): Managed => ({
  name,
  description,
  phase: "test",
  step,
  action: "ExecuteBash",
});

/** The Windows variant. */
const onWindows = (managed: Managed): Managed => ({
  ...managed,
  platform: "Windows",
  action: managed.action === "ExecuteBash" ? "ExecutePowerShell" : managed.action,
});

/** Components that AWS owns, by name. Their documents are not public: each has a single step here. */
const MANAGED: readonly Managed[] = [
  build("update-linux", "Updates Linux by installing all available updates.", "UpdateOS", "UpdateOS"),
  build("update-linux-kernel-mainline", "Installs the mainline kernel.", "UpdateKernel"),
  build("reboot-linux", "Reboots the system.", "Reboot", "Reboot"),
  build("amazon-cloudwatch-agent-linux", "Installs the Amazon CloudWatch agent.", "InstallCloudWatchAgent"),
  build("aws-cli-version-2-linux", "Installs the AWS CLI version 2.", "InstallAwsCli"),
  build("amazon-corretto-17-headless", "Installs Amazon Corretto 17.", "InstallCorretto"),
  build("docker-ce-linux", "Installs Docker Community Edition.", "InstallDocker"),
  {
    ...build("stig-build-linux", "Applies STIG settings of a level.", "ApplyStig"),
    // Image Builder user guide, "STIG hardening components".
    parameters: [
      { name: "Level", default: "High", description: "Low, Medium or High" },
      { name: "InstallPackages", default: "No", description: undefined },
      { name: "SetDoDConsentBanner", default: "No", description: undefined },
    ],
  },
  build("stig-build-linux-low", "Applies low (Category III) STIG settings.", "ApplyStig"),
  build("stig-build-linux-medium", "Applies low and medium (Category II) STIG settings.", "ApplyStig"),
  build("stig-build-linux-high", "Applies low, medium and high (Category I) STIG settings.", "ApplyStig"),
  test("simple-boot-test-linux", "Tests that the instance boots.", "SimpleBootTest"),
  test("reboot-test-linux", "Tests that the instance survives a reboot.", "RebootTest"),
  test("inspector-test-linux", "Runs a CIS assessment with Amazon Inspector.", "InspectorTest"),
  test("eni-attachment-test-linux", "Tests attaching an elastic network interface.", "EniAttachmentTest"),
  test("ebs-volume-usage-test-linux", "Tests attaching an EBS volume.", "EbsVolumeUsageTest"),
  test("yum-repository-test-linux", "Tests that yum repositories answer.", "YumRepositoryTest"),
  ...[
    build("update-windows", "Updates Windows by installing all available updates.", "UpdateOS", "UpdateOS"),
    build("reboot-windows", "Reboots the system.", "Reboot", "Reboot"),
    build("amazon-cloudwatch-agent-windows", "Installs the Amazon CloudWatch agent.", "InstallCloudWatchAgent"),
    build("aws-cli-version-2-windows", "Installs the AWS CLI version 2.", "InstallAwsCli"),
    build("powershell-windows", "Installs PowerShell 7.", "InstallPowerShell"),
    build("stig-build-windows-low", "Applies low (Category III) STIG settings.", "ApplyStig"),
    build("stig-build-windows-medium", "Applies low and medium (Category II) STIG settings.", "ApplyStig"),
    build("stig-build-windows-high", "Applies low, medium and high (Category I) STIG settings.", "ApplyStig"),
    test("simple-boot-test-windows", "Tests that the instance boots.", "SimpleBootTest"),
    test("reboot-test-windows", "Tests that the instance survives a reboot.", "RebootTest"),
    test("windows-activation-test", "Tests that Windows is activated.", "ActivationTest"),
  ].map(onWindows),
];

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
