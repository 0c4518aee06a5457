import { takeAwayEachGrant } from "./every-grant.ts";

takeAwayEachGrant(2, 3);
