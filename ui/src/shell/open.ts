// Which of the page's own dialogs is open.
import { ref } from "vue";

export const isSettingsOpen = ref(false);
