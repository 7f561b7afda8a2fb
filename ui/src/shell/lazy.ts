// A component that is loaded when it is first shown. Always true: one that cannot be had while the server is away
// comes by itself once it is back, so that nothing needs a reload.
import { defineAsyncComponent, type Component } from "vue";
import { checkForUpdate } from "./update";

const FIRST_MS = 500;
const LONGEST_MS = 5000;

export function lazy(load: () => Promise<{ default: Component }>): Component {
  return defineAsyncComponent({
    loader: load,
    delay: 0,
    onError: (_error, retry, _fail, attempts) => {
      // Where it is gone for good, there is a new version and the page says so.
      void checkForUpdate();
      setTimeout(retry, Math.min(FIRST_MS * 2 ** attempts, LONGEST_MS));
    },
  });
}
