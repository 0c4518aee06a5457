import { describe, expect, test } from "vitest";
import { aBuilder, builderArn } from "./builder.ts";
import { aContainerBuilder } from "./container-builder.ts";

const UBUNTU = "ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id";

/** A component of one step that runs a script. */
const component = (phase: string, script: string): string => `name: a document
schemaVersion: 1.0
phases:
  - name: ${phase}
    steps:
      - name: Script
        action: ExecuteBash
        inputs:
          commands:
            - |
${script.replaceAll(/^/gm, "              ")}
`;

const settings = `cat > /etc/sysctl.d/90-acme.conf <<'SETTINGS'
fs.suid_dumpable = 0
kernel.dmesg_restrict = 1
SETTINGS
chmod 0644 /etc/sysctl.d/90-acme.conf`;
const reading = `while IFS='=' read -r name value; do
  test "$(sysctl --values "$name")" = "$value"
done < /etc/sysctl.d/90-acme.conf`;

/** What the step of the last workflow that failed says. */
async function failureOf({ workflows, steps }: Awaited<ReturnType<typeof aBuilder>>, arn: string) {
  const last = (await workflows(arn)).at(-1);
  return (await steps(last?.workflowExecutionId)).find(({ status }) => status === "FAILED")?.message;
}

/** How a build ends whose components are these scripts, on the way and when it is tested. */
async function buildOf(parentImage: string, build: readonly string[], tests: readonly string[]) {
  const made = await aBuilder();
  const arns: string[] = [];
  for (const [n, script] of build.entries()) arns.push(await made.component(`build-${n}`, component("build", script)));
  for (const [n, script] of tests.entries()) arns.push(await made.component(`test-${n}`, component("test", script)));
  const components = arns.map((componentArn) => ({ componentArn }));
  const arn = await made.start(await made.pipeline({ recipe: { parentImage, components } }));
  await made.pass(90);
  const { state, outputResources } = await made.image(arn);
  return { ...made, state, failure: await failureOf(made, arn), ami: outputResources?.amis?.[0]?.image };
}

describe("Ubuntu's apport", () => {
  test("sets fs.suid_dumpable at boot, so that a test of the image's own settings fails", async () => {
    const { state, failure } = await buildOf(UBUNTU, [settings], [reading]);

    expect(state?.status).toBe("FAILED");
    expect(failure).toContain("Stderr: fs.suid_dumpable is 2, /etc/sysctl.d/90-acme.conf says 0");
  });

  test.each([
    ["mask", "systemctl mask --now apport.service"],
    ["disable", "systemctl disable apport"],
    ["setting", "sed -i 's/^enabled=.*/enabled=0/' /etc/default/apport"],
  ])("does not where it is off, by its %s", async (_how, script) => {
    const { state } = await buildOf(UBUNTU, [settings, script], [reading]);

    expect(state?.status).toBe("AVAILABLE");
  });

  test("is not there on Amazon Linux", async () => {
    const { state } = await buildOf(
      "ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
      [settings],
      [reading],
    );

    expect(state?.status).toBe("AVAILABLE");
  });

  test("is as its parent has it on an image's children", async () => {
    const off = "systemctl mask apport.service";
    const parent = await buildOf(UBUNTU, [off], ["true"]);
    const { component: add, start, recipe, builder, pass, image } = parent;
    const components = [
      { componentArn: await add("child", component("build", settings)) },
      { componentArn: await add("child-test", component("test", reading)) },
    ];

    const { imagePipelineArn } = await builder<{ imagePipelineArn: string }>("CreateImagePipeline", {
      name: "acme-child",
      imageRecipeArn: await recipe({ name: "acme-child", parentImage: parent.ami ?? "", components }),
      infrastructureConfigurationArn: builderArn("infrastructure-configuration/acme"),
    });
    const arn = await start(imagePipelineArn);
    await pass(90);

    expect((await image(arn)).state?.status).toBe("AVAILABLE");
  });
});

describe("a container of Amazon Linux 2023", () => {
  const outcome = async (build: string, tested: string) => {
    const made = await aContainerBuilder();
    const components = [
      { componentArn: await made.component("tools", component("build", build)) },
      { componentArn: await made.component("looks", component("test", tested)) },
    ];
    const arn = await made.start(await made.containerPipeline({}, { components }));
    await made.pass(90);
    return { state: (await made.image(arn)).state, failure: await failureOf(made, arn) };
  };
  const looking = `# find is needed
if [ -n "$(find /var/cache -name '*.rpm')" ]; then exit 1; fi`;

  test("has no find: a script that calls it fails", async () => {
    expect(await outcome("true", looking)).toMatchObject({
      state: { status: "FAILED" },
      failure: expect.stringContaining("Stderr: find: command not found"),
    });
    expect((await outcome("true", "# find is not needed\ntrue")).state?.status).toBe("AVAILABLE");
  });

  test("has it where the build installed it", async () => {
    expect((await outcome("dnf --assumeyes install tar findutils", looking)).state?.status).toBe("AVAILABLE");
  });
});

test.each(["RHEL-9*", "Rocky-9-EC2-Base-*"])(
  "images named %s have no agent until user data installs it",
  async (name) => {
    const statusWith = async (script: string) => {
      const made = await aBuilder();
      const { Images = [] } = await made.call<{ Images?: { ImageId: string }[] }>("ec2", "DescribeImages", {
        Filters: [
          { Name: "name", Values: [name] },
          { Name: "architecture", Values: ["x86_64"] },
        ],
      });
      const additionalInstanceConfiguration = { userDataOverride: Buffer.from(script).toString("base64") };
      const recipe = { parentImage: Images[0]?.ImageId ?? "", additionalInstanceConfiguration };
      const arn = await made.start(await made.pipeline({ recipe }));
      await made.pass(180);
      return (await made.image(arn)).state?.status;
    };

    expect(await statusWith("rpm --query amazon-ssm-agent\n")).toBe("FAILED");
    expect(await statusWith("dnf --assumeyes install /tmp/amazon-ssm-agent.rpm\n")).toBe("AVAILABLE");
  },
);

describe("Debian's images", () => {
  const DEBIAN = "ssm:/aws/service/debian/release/12/latest/amd64";

  /** A build of Debian whose recipe has this user data. */
  async function debianWith(script?: string) {
    const made = await aBuilder();
    const additionalInstanceConfiguration = script && { userDataOverride: Buffer.from(script).toString("base64") };
    const recipe = {
      parentImage: DEBIAN,
      workingDirectory: "/var/tmp",
      ...(additionalInstanceConfiguration && { additionalInstanceConfiguration }),
    };
    const arn = await made.start(await made.pipeline({ recipe }));
    await made.pass(180);
    const { state } = await made.image(arn);
    const steps = await made.steps((await made.workflows(arn))[0]?.workflowExecutionId);
    const cleaning = steps.find(({ name }) => name === "RunSanitizeScript");
    return { status: state?.status, failure: await failureOf(made, arn), cleaning: cleaning?.outputs };
  }

  test.each([undefined, "#!/bin/sh\n# dpkg --install amazon-ssm-agent.deb\napt-get update\n"])(
    "have no agent of Systems Manager, so that builds wait for it in vain",
    async (script) => {
      const { status, failure } = await debianWith(script);

      expect(status).toBe("FAILED");
      expect(failure).toContain("SSM Agent on Instances: [i-");
    },
  );

  test("are built and tested where the recipe's user data installs the agent", async () => {
    const { status, cleaning } = await debianWith(
      "#!/bin/sh\ntouch /var/tmp/perform_cleanup\ndpkg --install amazon-ssm-agent.deb\n",
    );

    expect(status).toBe("AVAILABLE");
    expect(cleaning).not.toContain("Skipping cleanup");
  });

  test("are not cleaned up where the user data leaves no perform_cleanup in the working directory", async () => {
    const { cleaning } = await debianWith("#!/bin/sh\ntouch /tmp/other\ndpkg --install amazon-ssm-agent.deb\n");

    expect(cleaning).toContain("Skipping cleanup");
  });
});

const document = (...commands: readonly string[]): string => `schemaVersion: 1.0
phases:
  - name: build
    steps:
      - name: Script
        action: ExecutePowerShell
        inputs:
          commands:
${commands.map((one) => `            - |\n${one.replaceAll(/^/gm, "              ")}\n`).join("")}`;

describe("a document's PowerShell", () => {
  test("is not run where PowerShell refuses it: CreateComponent accepts it, and the build fails", async () => {
    const { builder, start, pipeline, pass, workflows, steps } = await aBuilder();
    const { componentBuildVersionArn: componentArn } = await builder<{ componentBuildVersionArn: string }>(
      "CreateComponent",
      { name: "broken", semanticVersion: "1.0.0", platform: "Windows", data: document("$a = 1\n  $b = 'x") },
    );
    const parentImage = "ssm:/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base";

    const arn = await start(await pipeline({ recipe: { parentImage, components: [{ componentArn }] } }));
    await pass(90);

    const [built] = await workflows(arn);
    const failed = (await steps(built?.workflowExecutionId)).find(({ status }) => status === "FAILED");
    expect(failed?.message).toContain("At line:2 char:8\nThe string is missing the terminator: '.");
  });
});

test("recipes of one platform fail on a parent of the other", async () => {
  const { component, start, pipeline, pass, image } = await aBuilder();
  const linux = await component("linux", document("true").replace("ExecutePowerShell", "ExecuteBash"));
  const parentImage = "ssm:/aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base";

  const arn = await start(await pipeline({ recipe: { parentImage, components: [{ componentArn: linux }] } }));
  await pass(90);

  expect((await image(arn)).state?.reason).toMatch(/components are for Linux, and the parent image '.*' runs Windows/);
});

test("Windows is prepared by Sysprep instead of the clean-up script", async () => {
  const { builder, start, pipeline, pass, workflows, steps } = await aBuilder();
  const { componentBuildVersionArn: componentArn } = await builder<{ componentBuildVersionArn: string }>(
    "CreateComponent",
    { name: "sound", semanticVersion: "1.0.0", platform: "Windows", data: document("exit 0") },
  );
  const parentImage = "ssm:/aws/service/ami-windows-latest/Windows_Server-2019-English-Full-Base";

  const arn = await start(await pipeline({ recipe: { parentImage, components: [{ componentArn }] } }));
  await pass(90);

  const [built] = await workflows(arn);
  const ended = new Map((await steps(built?.workflowExecutionId)).map(({ name, status }) => [name, status]));
  expect([ended.get("RunSanitizeScript"), ended.get("RunSysPrepScript")]).toEqual(["SKIPPED", "COMPLETED"]);
});
