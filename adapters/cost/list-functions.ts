import { type LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";
import type { MeteredFunction } from "./count-services.ts";

/** The functions whose names begin so, as they are set now. */
export async function listMeteredFunctions(client: LambdaClient, prefix: string): Promise<MeteredFunction[]> {
  const found: MeteredFunction[] = [];
  for await (const { Functions = [] } of paginateListFunctions({ client }, {})) {
    for (const { FunctionName: name = "", MemorySize, Architectures: [architecture = "x86_64"] = [] } of Functions) {
      // Lambda's defaults (Lambda API reference, CreateFunction).
      if (name.startsWith(prefix)) found.push({ name, memoryMB: MemorySize ?? 128, architecture });
    }
  }
  return found;
}
