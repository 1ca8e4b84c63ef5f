import { expect, test } from "vitest";
import { createMapHistory } from "../../src/timeline/map-history.ts";

test("a map as it was at each moment that was kept, also when every second one is forgotten", () => {
  const history = createMapHistory<string, number>();
  const map = new Map<string, number>();
  const moments: [string, number][][] = [];
  for (let moment = 0; moment < 5; moment++) {
    map.set("always", 0).set("changing", moment).set(`new in ${moment}`, moment);
    history.keep(map);
    moments.push([...map]);
  }
  const all = (count: number) => Array.from({ length: count }, (_, at) => [...history.at(at)]);
  expect(all(5)).toEqual(moments);
  history.thin();
  expect(all(3)).toEqual([moments[0], moments[2], moments[4]]);
  map.set("changing", 7);
  history.keep(map);
  expect([...history.at(3)]).toEqual([...map]);
});
