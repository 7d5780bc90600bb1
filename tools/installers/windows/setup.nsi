; For one person, without the rights of an administrator. Silent: Setup.exe /S [/D=C:\folder], uninstall.exe /S
Unicode true
ManifestDPIAware true
Name "Capacity assessments"
OutFile "${OUTPUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\capacity-app"
InstallDirRegKey HKCU "Software\capacity-app" "folder"
SetCompressor /SOLID lzma
SetCompressorDictSize 64
!include MUI2.nsh
!define MUI_ICON "capacity-app.ico"
!define MUI_UNICON "capacity-app.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\capacity-app.exe"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\capacity-app"

; Only what was installed is removed: a folder that somebody chose may hold other files.
!macro RemoveProgram
  RMDir /r "$INSTDIR\python"
  RMDir /r "$INSTDIR\pango"
  Delete "$INSTDIR\capacity-app.exe"
  Delete "$INSTDIR\capacity-app-cli.exe"
  Delete "$INSTDIR\LICENCES.txt"
  Delete "$INSTDIR\sbom.cdx.json"
!macroend

Section
  ; An open program keeps its files: say so instead of leaving half of two versions.
  ClearErrors
  IfFileExists "$INSTDIR\capacity-app.exe" 0 +4
    Delete "$INSTDIR\capacity-app.exe"
    IfErrors 0 +2
      Abort "The program is open. Close it, then run the installation again. Nothing was changed."
  !insertmacro RemoveProgram
  SetOutPath "$INSTDIR"
  File /r "${FOLDER}\*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortCut "$SMPROGRAMS\Capacity assessments.lnk" "$INSTDIR\capacity-app.exe"
  WriteRegStr HKCU "Software\capacity-app" "folder" "$INSTDIR"
  WriteRegStr HKCU "Software\Classes\.assessment" "" "capacity-app.assessment"
  WriteRegStr HKCU "Software\Classes\capacity-app.assessment" "" "Assessment"
  WriteRegStr HKCU "Software\Classes\capacity-app.assessment\DefaultIcon" "" "$INSTDIR\capacity-app.exe"
  WriteRegStr HKCU "Software\Classes\capacity-app.assessment\shell\open\command" "" '"$INSTDIR\capacity-app.exe" "%1"'
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Capacity assessments"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\capacity-app.exe"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${KILOBYTES}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

Section Uninstall
  ClearErrors
  Delete "$INSTDIR\capacity-app.exe"
  IfErrors 0 +2
    Abort "The program is open. Close it, then uninstall it again. Nothing was changed."
  !insertmacro RemoveProgram
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Capacity assessments.lnk"
  DeleteRegKey HKCU "Software\capacity-app"
  DeleteRegKey HKCU "Software\Classes\.assessment"
  DeleteRegKey HKCU "Software\Classes\capacity-app.assessment"
  DeleteRegKey HKCU "${UNINSTALL}"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
