import type { SSMClient } from "@aws-sdk/client-ssm";
import { type AmiId, amiId } from "../../events/ids.ts";
import { readParameter } from "../channel/parameters.ts";

/**
 * The AMI id of a public parameter; undefined where the parameter does not exist or has no AMI id (AWS's parameters for
 * ECS hold JSON unless they end in `/image_id`).
 */
export const readBaseAmi = async (client: SSMClient, parameter: string): Promise<AmiId | undefined> =>
  amiId.safeParse(await readParameter(client, parameter)).data;
