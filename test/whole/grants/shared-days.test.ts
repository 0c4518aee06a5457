// @module-tag deep
import { test } from "vitest";
import { checkLife, days } from "./shared-lives.ts";

test.each(days)("each grant missing in $scenario.name is refused, named and noticed", (life) => checkLife(life));
