/* Starts the Python beside it as `python -m capacity_app` with its own arguments. A child that the program starts as
   `-m module …` is passed on as it is. Compiled twice: without a console, and with one. */
#include <windows.h>
#include <stdlib.h>
#include <wchar.h>

typedef int (*python_main)(int, wchar_t **);

static int start(int count, wchar_t **arguments)
{
    static wchar_t library[32768];
    GetModuleFileNameW(NULL, library, 32000);
    wcscpy(wcsrchr(library, L'\\'), L"\\python\\" PYTHON_DLL);
    HMODULE python = LoadLibraryExW(library, NULL, LOAD_LIBRARY_SEARCH_DEFAULT_DIRS | LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR);
    python_main run = python ? (python_main)(void *)GetProcAddress(python, "Py_Main") : NULL;
    if (!run) {
        MessageBoxW(NULL, library, L"capacity-app: this file is missing or damaged. Install the program again.", MB_ICONERROR);
        return 1;
    }
    static wchar_t *before[] = {L"-X", L"utf8", L"-m", L"capacity_app"};
    int added = count > 1 && !wcscmp(arguments[1], L"-m") ? 2 : 4;
    wchar_t **all = calloc(count + added + 1, sizeof *all);
    all[0] = arguments[0];
    for (int i = 0; i < added; i++) all[i + 1] = before[i];
    for (int i = 1; i < count; i++) all[i + added] = arguments[i];
    return run(count + added, all);
}

#ifdef WINDOWED
int WINAPI wWinMain(HINSTANCE instance, HINSTANCE previous, LPWSTR line, int show) { return start(__argc, __wargv); }
#else
int wmain(int count, wchar_t **arguments) { return start(count, arguments); }
#endif
