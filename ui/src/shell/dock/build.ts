// Makes the dock in an element. The dock moves plain elements about; what is in them is drawn by the page, which is
// told of each element that comes and goes. Always true: a tab is text alone, so that nothing is a control in a control.
import { createDockview, type DockviewApi, type IContentRenderer, type IGroupHeaderProps, type IHeaderActionsRenderer, type ITabRenderer } from "dockview-vue";
import { shallowReactive } from "vue";
import { t } from "../../i18n";

export interface Built {
  readonly api: DockviewApi;
  /** By panel: where its contents go. */
  readonly bodies: Map<string, HTMLElement>;
  /** By group: where its menu button goes, and the panel that is shown in it. */
  readonly actions: Map<string, { readonly element: HTMLElement; panel: string | null }>;
}

export function build(root: HTMLElement): Built {
  const bodies = shallowReactive(new Map<string, HTMLElement>());
  const actions = shallowReactive(new Map<string, { element: HTMLElement; panel: string | null }>());
  const api = createDockview(root, {
    createComponent: ({ id }) => body(id, bodies),
    createTabComponent: tab,
    createRightHeaderActionComponent: () => action(actions),
    createWatermarkComponent: watermark,
    theme: { name: "desk", className: "dockview-theme-desk", gap: 5 },
    disableTabsOverflowList: false,
    floatingGroupBounds: "boundedWithinViewport",
    // The page has live regions of its own.
    announcements: false,
  });
  withoutLevels(root);
  return { api, bodies, actions };
}

/** The dock numbers its floating windows in an attribute that dialogs may not have. Nothing else reads it. */
function withoutLevels(root: HTMLElement): void {
  const watcher = new MutationObserver((changes) => {
    for (const { target } of changes) if (target instanceof Element) target.removeAttribute("aria-level");
  });
  watcher.observe(root, { subtree: true, attributes: true, attributeFilter: ["aria-level"] });
  // Those that come with a layout have it before they are in the page. Rows come with every order: only what is new is searched.
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) addedNodes.forEach((node) => node instanceof Element && withoutLevel(node));
  }).observe(root, { subtree: true, childList: true });
}

function withoutLevel(added: Element): void {
  for (const one of [added, ...added.querySelectorAll("[role=dialog]")]) if (one.hasAttribute("aria-level")) one.removeAttribute("aria-level");
}

function body(id: string, bodies: Map<string, HTMLElement>): IContentRenderer {
  const element = document.createElement("div");
  element.className = "dock-content";
  return {
    element,
    init: () => bodies.set(id, element),
    // A layout may have replaced it by another of the same id before it goes.
    dispose: () => {
      if (bodies.get(id) === element) bodies.delete(id);
    },
  };
}

function tab(): ITabRenderer {
  const element = document.createElement("span");
  element.className = "dock-tab";
  let listener: { dispose(): void } | null = null;
  return {
    element,
    init: ({ title, api }) => {
      element.textContent = title;
      listener = api.onDidTitleChange((event) => (element.textContent = event.title));
    },
    dispose: () => listener?.dispose(),
  };
}

function action(actions: Map<string, { element: HTMLElement; panel: string | null }>): IHeaderActionsRenderer {
  const element = document.createElement("div");
  element.className = "dock-actions";
  let group = "";
  let listener: { dispose(): void } | null = null;
  return {
    element,
    init: (props: IGroupHeaderProps) => {
      group = props.group.id;
      const show = (): void => void actions.set(group, { element, panel: props.group.activePanel?.id ?? null });
      listener = props.group.model.onDidActivePanelChange(show);
      show();
    },
    dispose: () => {
      listener?.dispose();
      if (actions.get(group)?.element === element) actions.delete(group);
    },
  };
}

function watermark() {
  const element = document.createElement("p");
  element.className = "dock-empty";
  return { element, init: () => void (element.textContent = t("dock.empty")) };
}
