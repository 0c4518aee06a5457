import type * as Sdk from "@aws-sdk/client-cloudformation";
import type { Operations } from "../../../engine/operation.ts";
import { notBuilt } from "../refusals.ts";
import { requireStack } from "../state.ts";
import { neededCapability } from "../template/capabilities.ts";
import { parseTemplate, templateText } from "../template/parse-template.ts";
import { requireKnownTypes } from "../template/resource-types.ts";
import { authorizeStack } from "./authorization.ts";

export const operations = {
  GetTemplate: {
    authorize: (input, call) => authorizeStack(call, input),
    run({ StackName, ChangeSetName }, { aws, account, region }) {
      if (ChangeSetName !== undefined) throw notBuilt("GetTemplate of a change set");
      const { source } = requireStack(aws, account, region, StackName);
      return { TemplateBody: source.text, StagesAvailable: ["Original", "Processed"] };
    },
  },
  ValidateTemplate: {
    run(input) {
      const template = parseTemplate(templateText(input));
      requireKnownTypes(template);
      const capability = neededCapability(template);
      return {
        ...(template.Description && { Description: template.Description }),
        Parameters: Object.entries(template.Parameters).map(([ParameterKey, { Default, Description, NoEcho }]) => ({
          ParameterKey,
          ...(Default !== undefined && { DefaultValue: String(Default) }),
          ...(Description && { Description }),
          NoEcho: String(NoEcho ?? false) === "true",
        })),
        ...(capability && {
          Capabilities: [capability],
          CapabilitiesReason: `The following resource(s) require capabilities: [${iamTypes(template.Resources).join(", ")}]`,
        }),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

const iamTypes = (resources: Readonly<Record<string, { readonly Type: string }>>): string[] => [
  ...new Set(
    Object.values(resources)
      .map(({ Type }) => Type)
      .filter((type) => type.startsWith("AWS::IAM::")),
  ),
];
