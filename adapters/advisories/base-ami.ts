import type { SSMClient } from "@aws-sdk/client-ssm";
import { type AmiId, amiId } from "../../events/ids.ts";
import { readParameter } from "../channel/parameters.ts";

/**
 * The AMI that a public parameter names now; undefined where it does not exist or names none (AWS's parameters for ECS
 * hold JSON unless they end in `/image_id`).
 */
export const readBaseAmi = async (client: SSMClient, parameter: string): Promise<AmiId | undefined> =>
  amiId.safeParse(await readParameter(client, parameter)).data;
