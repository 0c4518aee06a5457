import type * as Sdk from "@aws-sdk/client-ec2";
import type { ModifyImageAttributeCommandInput } from "@aws-sdk/client-ec2";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { authorizeImage } from "./authorization.ts";
import { requireOwnImage } from "./find-image.ts";
import { toPermissionChange } from "./launch-permissions.ts";
import { invalidParameter } from "./refusals.ts";
import { changeLaunchPermissions } from "./share-image.ts";

/** The one attribute that a request changes. */
function attributeOf(input: ModifyImageAttributeCommandInput): string | undefined {
  if (input.Attribute) return input.Attribute;
  if (input.Description) return "description";
  if (input.ImdsSupport) return "imdsSupport";
  return toPermissionChange(input) && "launchPermission";
}

export const operations = {
  ModifyImageAttribute: {
    authorize: (input, call) => {
      const attribute = input.Attribute ?? (input.Description ? "description" : "launchPermission");
      return [authorizeImage(call, input.ImageId, { "ec2:Attribute": attribute })];
    },
    run(input, call) {
      const image = requireOwnImage(call, input.ImageId);
      switch (attributeOf(input)) {
        case "launchPermission":
          changeLaunchPermissions(call.aws, image, toPermissionChange(input) ?? { add: [], remove: [] });
          return {};
        case "description":
          image.description = input.Description?.Value ?? input.Value ?? "";
          return {};
        case "imdsSupport":
          if ((input.ImdsSupport?.Value ?? input.Value) !== "v2.0") {
            throw invalidParameter("The only valid value for imdsSupport is v2.0; it can't be taken away again.");
          }
          image.imdsSupport = "v2.0";
          return {};
        case undefined:
          throw new AwsError("InvalidParameterCombination", "No attributes specified.", { status: 400 });
        default:
          throw invalidParameter(
            `Value (${input.Attribute}) for parameter attribute is invalid. Valid values: description, imdsSupport, launchPermission`,
          );
      }
    },
  },
  /** Its launch permissions: AWS resets no other attribute. */
  ResetImageAttribute: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      requireOwnImage(call, input.ImageId).permissions.clear();
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;
