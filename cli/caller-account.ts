import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { patient } from "./open-ledger.ts";

/** The account of the current credentials. */
export async function callerAccount(region: string): Promise<string> {
  const { Account = "" } = await new STSClient(patient(region)).send(new GetCallerIdentityCommand({}));
  return Account;
}
