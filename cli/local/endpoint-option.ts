import type { Command } from "commander";
import { portOption } from "embedded-aws/command";
import { refuse } from "../command/global-options.ts";

export interface PortOption {
  readonly port?: number;
}

/** `--port` for commands that call a running embedded AWS: short for `--endpoint http://127.0.0.1:<port>`. */
export function withPort(command: Command): Command {
  const option = portOption();
  option.description = "port on 127.0.0.1, instead of --endpoint (4566)";
  return refuse(command.addOption(option.default(undefined)), "region", "output has the regions of all accounts");
}

/** The embedded AWS's address: `--port`, else `--endpoint` or AWS_ENDPOINT_URL, else the default port. */
export const endpointOf = ({ port }: PortOption): URL =>
  new URL(port === undefined ? (process.env.AWS_ENDPOINT_URL ?? "http://127.0.0.1:4566") : `http://127.0.0.1:${port}`);
