import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { InvalidArgumentError } from "commander";
import { patient } from "./open-ledger.ts";

/** The account of the current credentials. */
export async function callerAccount(region: string): Promise<string> {
  const { Account = "" } = await new STSClient(patient(region)).send(new GetCallerIdentityCommand({}));
  return Account;
}

/** An account id on the command line. */
export function toAccount(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError("Expected the 12 digits of an account id.");
}
