from services.kit.migrate import run_environment

run_environment()
