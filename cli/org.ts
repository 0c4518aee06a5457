import { Command } from "commander";
import { setupCommand } from "./org/setup.ts";

/** `amint org`: the organization's side of the factory. */
export const orgCommand = (): Command =>
  new Command("org").description("the organization's side of the factory").addCommand(setupCommand());
