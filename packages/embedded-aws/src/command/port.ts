import { InvalidArgumentError, Option } from "commander";

/** `--port`: where the embedded AWS listens on 127.0.0.1. */
export const portOption = (): Option =>
  new Option("--port <number>", "port on 127.0.0.1").default(4566).argParser(toPort);

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InvalidArgumentError("Must be a port number from 1 to 65535.");
  return port;
}
