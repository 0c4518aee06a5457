import { Command } from "commander";
import { unusedCommand } from "./iam/unused.ts";

/** `amint iam`: what the factory's roles may do. */
export const iamCommand = (): Command =>
  new Command("iam").description("look at what the factory's roles may do").addCommand(unusedCommand());
