import { CreateComponentCommand, ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { inProcessHandler, startAws, VirtualClock } from "embedded-aws";
import { expect, test } from "vitest";
import { readBlueprint } from "../../../cli/command/open-ledger.ts";
import { foreignComponents } from "../../../cli/factory/preflight/components.ts";
import { type ClientIn, takeAll } from "../../../cli/factory/preflight/look.ts";
import { clientOptions } from "../../../local/boot/client-options.ts";
import { factoryOf, HOME, imageOf } from "../../world/factory-of.ts";

const OWN = "111122223333";
const arnOf = (name: string) => `arn:aws:imagebuilder:${HOME}:${OWN}:component/${name}/1.x.x`;

const data = `schemaVersion: 1.0
parameters:
  - logGroup: { type: string }
phases:
  - name: build
    steps:
      - { name: Say, action: ExecuteBash, inputs: { commands: ["echo '{{ logGroup }}'"] } }
`;

test("amint preflight looks at components of AWS and of other owners, and at the parameters that they declare", async () => {
  const management = { id: "999988887777", name: "management" };
  const accounts = [{ id: OWN, name: "factory" }];
  const started = await startAws({
    clock: new VirtualClock(0),
    publicImages: [],
    organization: { management, accounts },
  });
  const client: ClientIn = (Class, region) =>
    new Class({
      ...clientOptions(started.url, OWN, region),
      requestHandler: inProcessHandler(started.aws),
      maxAttempts: 1,
    } as never);
  const request = { name: "agents", semanticVersion: "1.0.0", platform: "Linux", data, clientToken: "agents" } as const;
  await client(ImagebuilderClient, HOME).send(new CreateComponentCommand(request));
  const components = [
    "images/components/agents.yaml",
    { aws: "stig-build-linux", parameters: { Level: "Low" } },
    { arn: arnOf("agents"), parameters: { retention: "7" } },
    { arn: arnOf("gone") },
  ];
  const factory = factoryOf({ images: { base: imageOf({ components }) } });
  const asked = { factory, blueprint: await readBlueprint(), account: OWN, caller: `arn:aws:iam::${OWN}:root`, client };

  const checks = await takeAll(foreignComponents(asked));

  expect(checks.map(({ where, verdict, found }) => `${where} ${verdict}: ${found}`)).toEqual([
    `images.base.components[1] fine: arn:aws:imagebuilder:${HOME}:aws:component/stig-build-linux/1.0.2/1`,
    "images.base.components[2] fails: the document has no parameter retention; it has logGroup",
    "images.base.components[2] fails: the document's parameter logGroup has no default and no value",
    `images.base.components[3] fails: no component ${arnOf("gone")}`,
    expect.stringContaining("images.base.tests[0] fine: "),
  ]);
});
